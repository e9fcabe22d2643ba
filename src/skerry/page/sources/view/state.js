// What the reader has chosen, and the same as the fragment of the page's address.

import {numberFrom} from "./numbers.js";

const CHOICES = {
  sign: ["both", "positive", "negative"],
  side: ["neurological", "radiological"],
  paint: ["regions", "outlines", "values"],
  scheme: ["auto", "light", "dark"],
};

export function openingState(facts, engine) {
  const {asked, display = {}} = facts;
  return {
    // None: no height can be what was asked for. At the maximum itself one voxel would pass.
    threshold: asked.threshold ?? engine.heights(asked.sign).highest * (1 + 2 ** -40),
    minVolume: asked.min_volume_mm3 ?? 0,
    sign: asked.sign,
    at: display.cut_coords ?? null,
    side: display.radiological ? "radiological" : "neurological",
    paint: "regions",
    scheme: "auto",
    faint: false,
    columns: false,
    sort: "region",
    falling: false,
  };
}

// Reads a fragment; what is missing or makes no sense stays as in `state`.
export function withFragment(state, fragment) {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const next = {...state};
  const number = (name, key, lowest) => {
    const value = given.has(name) ? numberFrom(given.get(name)) : NaN;
    if (value >= lowest) next[key] = value;
  };
  number("t", "threshold", 0);
  number("extent", "minVolume", 0);
  for (const [key, allowed] of Object.entries(CHOICES)) {
    if (allowed.includes(given.get(key))) next[key] = given.get(key);
  }
  const at = (given.get("at") ?? "").split(",").map(numberFrom);
  if (at.length === 3 && at.every(Number.isFinite)) next.at = at;
  const sort = /^(-?)([\w.]{1,60})$/.exec(given.get("sort") ?? "");
  if (sort) Object.assign(next, {sort: sort[2], falling: sort[1] === "-"});
  if (given.has("faint")) next.faint = given.get("faint") === "1";
  if (given.has("columns")) next.columns = given.get("columns") === "all";
  return next;
}

// The fragment of a state: threshold and place always, else what differs from the opening.
export function fragmentOf(state, opening) {
  const parts = [`t=${state.threshold}`];
  if (state.minVolume !== opening.minVolume) parts.push(`extent=${state.minVolume}`);
  for (const key of Object.keys(CHOICES)) {
    if (state[key] !== opening[key]) parts.push(`${key}=${state[key]}`);
  }
  if (state.at) parts.push(`at=${state.at.map((mm) => Number(mm.toFixed(2))).join(",")}`);
  if (state.faint) parts.push("faint=1");
  if (state.columns) parts.push("columns=all");
  if (state.sort !== "region" || state.falling) {
    parts.push(`sort=${state.falling ? "-" : ""}${state.sort}`);
  }
  return "#" + parts.join("&");
}
