// All that pictures need to know: where the brain is, what lies under the map, which colours.

import {colorRamp} from "./ramps.js";
import {surveyed, worldBox} from "./planes.js";

const MARGIN_MM = 5;

export function makeScene(facts, engine, greys) {
  const grid = surveyed(facts.grid);
  const under = facts.background ? {...surveyed(facts.background), values: greys} : null;
  // Voxel indices of the mask: all that pictures ask of it needs to look at no others.
  const places = engine.grid.ijkOfMany(engine.maskIndex);
  const brain = insideBox(places, grid);
  const display = facts.display ?? {};
  return {
    facts, engine, grid, under, display, places,
    box: framed(under ? joined(brain, under.box) : brain),
    ramp: colorRamp(display, facts.map.lowest ?? 0, facts.map.highest ?? 0),
    colors: {},
  };
}

// Colours of the scheme in force, as the style sheet resolves them.
export function readColors(scene, scheme) {
  const root = document.documentElement;
  root.style.colorScheme = scheme === "auto" ? "light dark" : scheme;
  const names = ["ink", "quiet", "line", "panel", "accent", "slice", "cross", "hair", "halo"];
  const probes = names.map((name) => {
    const probe = document.createElement("i");
    probe.style.color = `var(--${name})`;
    return probe;
  });
  document.body.append(...probes); // all before any is read: one look at the styles, not one each
  probes.forEach((probe, at) => {
    scene.colors[names[at]] = getComputedStyle(probe).color;
  });
  probes.forEach((probe) => probe.remove());
  scene.isDark = channelOf(scene.colors.ink) > 128;
  const black = scene.display.black_bg;
  if (black !== undefined && black !== null) {
    scene.colors.slice = black ? "#000000" : "#ffffff";
    scene.colors.hair = black ? "#2f9be0" : "#0a5a8c";
    scene.colors.cross = black ? "#ffffff" : "#16191d";
    scene.colors.halo = black ? "#000000" : "#ffffff";
  }
}

function channelOf(color) {
  return Number(/\d+/.exec(color)[0]);
}

// The box in mm of the mask; all of the grid when it is empty.
function insideBox(places, grid) {
  if (!places[0].length) return grid.box;
  const ranges = places.map((indices) => {
    let [low, high] = [indices[0], indices[0]];
    for (let at = 1; at < indices.length; at++) {
      if (indices[at] < low) low = indices[at];
      else if (indices[at] > high) high = indices[at];
    }
    return [low, high];
  });
  return worldBox(grid.shape, grid.affine, ranges);
}

function joined(a, b) {
  return {
    low: a.low.map((mm, axis) => Math.min(mm, b.low[axis])),
    high: a.high.map((mm, axis) => Math.max(mm, b.high[axis])),
  };
}

function framed({low, high}) {
  const margin = Math.min(MARGIN_MM, ...low.map((mm, axis) => (high[axis] - mm) / 20));
  return {low: low.map((mm) => mm - margin), high: high.map((mm) => mm + margin)};
}
