// The scale of the map's own colours, with the threshold marked.

import {drawing, element} from "./dom.js";
import {heightText, valueText} from "./numbers.js";
import {symbolOf} from "./rule.js";

const WIDTH = 280;
const HIGH = 12;
// The bar beside the slices, with room for numbers on its right.
const UPRIGHT = {end: 7, text: 18, letter: 7, apart: 12};

// How wide that bar is.
export function uprightWidth({ramp: {vmin, vmax}, display}) {
  const texts = [vmin, vmax, -(display.threshold ?? 0)].map(valueText);
  return UPRIGHT.text + UPRIGHT.letter * Math.max(...texts.map(({length}) => length)) + 4;
}

// `upright`: how high it is where it stands beside the slices, 0 where it lies below them.
export function drawColorbar(box, scene, state, display, upright) {
  const asMap = display.threshold !== undefined;
  const shown = display.colorbar ?? (asMap || state.paint === "values" || state.faint);
  box.hidden = !shown;
  if (!shown) return;
  const {vmin, vmax, colors} = scene.ramp;
  const limit = asMap ? display.threshold ?? 0 : state.threshold;
  const inside = (mark) => mark > vmin && mark < vmax && allowed(state.sign, mark);
  const marks = limit > 0 ? [-limit, limit].filter(inside) : [];
  const hidden = hiddenRange(state, asMap, limit, vmin, vmax);
  if (upright) {
    box.replaceChildren(uprightBar(scene, upright, marks, hidden));
    return;
  }
  const x = (value) => ((value - vmin) / (vmax - vmin || 1)) * WIDTH;
  const picture = drawing("svg", {viewBox: `0 0 ${WIDTH} ${HIGH + 4}`, class: "ramp", role: "img",
    "aria-label": `Colours from ${valueText(vmin)} to ${valueText(vmax)}`});
  for (let step = 0; step < 128; step++) {
    picture.append(drawing("rect", {x: (step * WIDTH) / 128, y: 2, width: WIDTH / 128 + 0.6, height: HIGH, fill: colors[step * 2]}));
  }
  if (hidden) picture.append(drawing("rect", {class: "hidden-values", x: x(hidden[0]), y: 2, width: x(hidden[1]) - x(hidden[0]), height: HIGH}));
  for (const mark of marks) picture.append(drawing("path", {class: "mark", d: `M${x(mark)} 0V${HIGH + 4}`}));
  const label = (value) => element("span", {}, valueText(value));
  box.replaceChildren(element("span", {class: "quiet"}, symbolOf(scene.facts)), label(vmin), picture, label(vmax),
    element("span", {class: "quiet"}, limit > 0 ? `threshold ${marks.map((mark) => heightText(mark)).join(" and ")}` : ""));
}

function uprightBar(scene, height, marks, hidden) {
  const {ramp: {vmin, vmax, colors}, facts} = scene;
  const {end, text, apart} = UPRIGHT;
  const width = uprightWidth(scene);
  const long = height - 2 * end;
  const y = (value) => end + (1 - (value - vmin) / (vmax - vmin || 1)) * long;
  const said = marks.length ? `, threshold ${marks.map(heightText).join(" and ")}` : "";
  const picture = drawing("svg", {viewBox: `0 0 ${width} ${height}`, width, height, class: "upright", role: "img",
    "aria-label": `Colours of ${symbolOf(facts)} from ${valueText(vmin)} to ${valueText(vmax)}${said}`});
  for (let step = 0; step < 128; step++) {
    const part = long / 128;
    picture.append(drawing("rect", {x: 2, y: end + long - (step + 1) * part - 0.3, width: HIGH, height: part + 0.6, fill: colors[step * 2]}));
  }
  if (hidden) picture.append(drawing("rect", {class: "hidden-values", x: 2, y: y(hidden[1]), width: HIGH, height: y(hidden[0]) - y(hidden[1])}));
  const written = [];
  for (const value of [vmax, vmin, ...marks]) {
    if (marks.includes(value)) picture.append(drawing("path", {class: "mark", d: `M0 ${y(value)}h${HIGH + 4}`}));
    if (written.some((other) => Math.abs(other - y(value)) < apart)) continue;
    written.push(y(value));
    picture.append(drawing("text", {x: text, y: y(value) + 4}, valueText(value)));
  }
  return picture;
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
