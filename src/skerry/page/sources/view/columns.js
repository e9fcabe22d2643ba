// The columns of the table: where each value comes from and how it is written.

import {groupedCount, mmText, probabilityText, valueText, volumeText} from "./numbers.js";
import {hasSigns, symbolOf} from "./rule.js";

const MM_TEXT = {peak: "Peak", centroid: "Centroid", cog: "Centre of gravity"};

// Those that everybody looks for, the names of places, and those that come with "all columns".
export function regionColumns(facts, result) {
  const usual = [
    column("region", "Region", "Number of the region, the same in the label image", String),
    ...(hasSigns(facts) ? [column("sign", "Sign", "Positive or negative", signText, {text: true, wide: true})] : []),
    column("volume_mm3", "mm³", "Volume in cubic millimetres", volumeText, {high: true}),
    ...placeColumns("peak"),
    column("peak_value", `Peak ${symbolOf(facts)}`, "Value at the peak", valueText, {high: true}),
    column("n_peaks", "Peaks", "Local maxima of the region; press to see the highest that lie apart", groupedCount,
      {high: true, folds: true}),
    column("p_cluster_fwe", "p extent", "Family-wise p of the extent, random field theory",
      probabilityText),
    column("tdp", "TDP", "True discovery proportion: least share of the region's voxels that is "
      + "active, with 95 % confidence for all regions at once", shareText, {high: true}),
  ];
  const names = facts.atlases.map(({name}, atlas) => column(`atlas${atlas}`, name,
    `Name of the peak's place in ${name}`, (text) => text || "n/a", {text: true, atlas, name}));
  const extra = [
    column("n_voxels", "Voxels", "Extent in voxels", groupedCount, {high: true}),
    column("mean_value", "Mean", "Mean of the values", valueText, {high: true}),
    column("mass", "Mass", "Sum of |value|", valueText, {high: true}),
    column("p_peak_fwe", "p peak", "Family-wise p of the peak, random field theory", probabilityText),
    column("q_fdr", "q FDR", "False discovery rate at which the peak is found", probabilityText),
    ...placeColumns("centroid"),
    ...placeColumns("cog"),
  ].map((spec) => ({...spec, extra: true}));
  const known = ({key}) => key in result.columns; // some are measured when first read
  return [...usual.filter(known), ...names, ...extra.filter(known)];
}

function column(key, head, title, write, options = {}) {
  return {key, head, title, write, text: false, high: false, extra: false, wide: false, ...options};
}

function placeColumns(what) {
  return ["x", "y", "z"].map((axis) => column(`${what}_${axis}`, what === "peak" ? axis : `${what} ${axis}`,
    `${MM_TEXT[what]}, ${axis} in mm (RAS+)`, mmText, {place: true}));
}

// A share as percent; it is a bound from below, so it is never rounded up.
export function shareText(share) {
  if (Number.isNaN(share)) return "n/a";
  return `${Math.floor(share * 1000 + 1e-9) / 10} %`;
}

export function signText(sign) {
  return sign > 0 ? "positive" : "negative";
}

// The value of a column for the region at a position of the result.
export function cellValue(result, spec, position) {
  if (spec.atlas !== undefined) return result.atlas[spec.atlas]?.peak[position] ?? "";
  return result.columns[spec.key][position];
}

// Positions of the regions in the order asked for; ties keep the order of their numbers.
export function sortedPositions(result, columns, key, falling) {
  const positions = Array.from({length: result.n}, (_, position) => position);
  const spec = columns.find((one) => one.key === key);
  if (!spec || (key === "region" && !falling)) return positions;
  const values = positions.map((position) => cellValue(result, spec, position));
  const direction = falling ? -1 : 1;
  const missing = (value) => value === "" || Number.isNaN(value);
  return positions.sort((a, b) => {
    const [x, y] = [values[a], values[b]];
    if (missing(x) || missing(y)) return missing(x) - missing(y) || a - b;
    const order = spec.text && typeof x === "string" ? x.localeCompare(y) : x - y;
    return direction * order || a - b;
  });
}

// Widths do not follow what the cells hold, so that the table stands still as the sea moves.
export function letters(spec) {
  if (spec.atlas !== undefined) return 18;
  const usual = spec.place && !spec.extra ? 4.8 : 7.5;
  const isLong = spec.extra || spec.head.length > 10;
  return Math.max({region: 10.5, sign: 9, volume_mm3: 8.5}[spec.key] ?? usual, isLong ? spec.head.length + 2 : 0);
}

export function classOf(spec) {
  const classes = [spec.text ? "text" : "number", spec.place && "place", spec.wide && "wide", spec.folds && "peaks"];
  return classes.filter(Boolean).join(" ");
}

export function peakText(spec, peak) {
  const place = /^peak_([xyz])$/.exec(spec.key);
  if (place) return mmText(peak[place[1]]);
  if (spec.key === "peak_value") return valueText(peak.value);
  if (spec.atlas !== undefined) return peak[spec.name] || "n/a";
  return "";
}
