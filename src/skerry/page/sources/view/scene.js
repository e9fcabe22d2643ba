// All that pictures need to know: where the brain is, what lies under the map, which colours.

import {colorRamp} from "./ramps.js";
import {surveyed, worldBox} from "./planes.js";

const MARGIN_MM = 5;

export function makeScene(facts, engine, greys) {
  const grid = surveyed(facts.grid.shape, facts.grid.affine);
  const under = facts.background
    ? {...surveyed(facts.background.shape, facts.background.affine), values: greys}
    : null;
  const brain = insideBox(engine.values, grid);
  const display = facts.display ?? {};
  return {
    facts, engine, grid, under, display,
    box: framed(under ? joined(brain, greysBox(under)) : brain),
    ramp: colorRamp(display, facts.map.lowest ?? 0, facts.map.highest ?? 0),
    colors: {},
  };
}

// Colours of the scheme in force, as the style sheet resolves them.
export function readColors(scene, scheme) {
  const root = document.documentElement;
  root.style.colorScheme = scheme === "auto" ? "light dark" : scheme;
  const probe = document.createElement("i");
  document.body.append(probe);
  for (const name of ["ink", "quiet", "line", "panel", "accent", "slice", "cross", "hair", "halo"]) {
    probe.style.color = `var(--${name})`;
    scene.colors[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  const black = scene.display.black_bg;
  if (black !== undefined && black !== null) {
    scene.colors.slice = black ? "#000000" : "#ffffff";
    scene.colors.hair = black ? "#2f9be0" : "#0a5a8c";
    scene.colors.cross = black ? "#ffffff" : "#16191d";
    scene.colors.halo = black ? "#000000" : "#ffffff";
  }
}

function insideBox(values, grid) {
  return voxelBox(grid, values, -Infinity);
}

function greysBox(under) {
  return voxelBox(under, under.values, 1);
}

// The box in mm of the voxels of at least a value; all of the grid when there is none.
function voxelBox(grid, values, least) {
  const [ni, nj, nk] = grid.shape;
  const low = [ni, nj, nk];
  const high = [-1, -1, -1];
  for (let k = 0, at = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, at++) {
        if (!(values[at] >= least)) continue;
        if (i < low[0]) low[0] = i;
        if (i > high[0]) high[0] = i;
        if (j < low[1]) low[1] = j;
        if (j > high[1]) high[1] = j;
        if (k < low[2]) low[2] = k;
        if (k > high[2]) high[2] = k;
      }
    }
  }
  if (high[0] < 0) return grid.box;
  return worldBox(grid.shape, grid.affine, [0, 1, 2].map((axis) => [low[axis], high[axis]]));
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
