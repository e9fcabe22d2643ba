// The scale of the map's own colours, with the threshold marked.

import {drawing, element} from "./dom.js";
import {heightText, valueText} from "./numbers.js";
import {symbolOf} from "./controls.js";

const WIDTH = 280;
const HIGH = 12;

export function drawColorbar(box, scene, state, display) {
  const asMap = display.threshold !== undefined;
  const shown = display.colorbar ?? (asMap || state.paint === "values" || state.faint);
  box.hidden = !shown;
  if (!shown) return;
  const {vmin, vmax, colors} = scene.ramp;
  const limit = asMap ? display.threshold ?? 0 : state.threshold;
  const x = (value) => ((value - vmin) / (vmax - vmin || 1)) * WIDTH;
  const picture = drawing("svg", {viewBox: `0 0 ${WIDTH} ${HIGH + 4}`, class: "ramp", role: "img",
    "aria-label": `Colours from ${valueText(vmin)} to ${valueText(vmax)}`});
  for (let step = 0; step < 128; step++) {
    picture.append(drawing("rect", {x: (step * WIDTH) / 128, y: 2, width: WIDTH / 128 + 0.6, height: HIGH, fill: colors[step * 2]}));
  }
  const hidden = hiddenRange(state, asMap, limit, vmin, vmax);
  if (hidden) picture.append(drawing("rect", {class: "hidden-values", x: x(hidden[0]), y: 2, width: x(hidden[1]) - x(hidden[0]), height: HIGH}));
  const marks = [-limit, limit].filter((mark) => limit > 0 && mark > vmin && mark < vmax && allowed(state.sign, mark));
  for (const mark of marks) picture.append(drawing("path", {class: "mark", d: `M${x(mark)} 0V${HIGH + 4}`}));
  const label = (value) => element("span", {}, valueText(value));
  box.replaceChildren(element("span", {class: "quiet"}, symbolOf(scene.facts)), label(vmin), picture, label(vmax),
    element("span", {class: "quiet"}, limit > 0 ? `threshold ${marks.map((mark) => heightText(mark)).join(" and ")}` : ""));
}

function hiddenRange(state, asMap, limit, vmin, vmax) {
  if (limit <= 0) return null;
  const low = allowed(state.sign, -1) || asMap ? -limit : vmin;
  const high = allowed(state.sign, 1) || asMap ? limit : vmax;
  const range = [Math.max(low, vmin), Math.min(high, vmax)];
  return range[1] > range[0] ? range : null;
}

function allowed(sign, value) {
  return sign === "both" || (sign === "positive") === value > 0;
}
