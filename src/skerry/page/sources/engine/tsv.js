// The tables as text: the columns and the form of the files of tables.

import {millimetres, significant} from "./numbers.js";

const WHOLE = (number) => String(number);
const AXES = ["x", "y", "z"];
const WRITTEN = new Map([
  ["region", WHOLE],
  ["sign", (sign) => (sign > 0 ? "positive" : "negative")],
  ["n_voxels", WHOLE],
  ["volume_mm3", millimetres],
  ...AXES.map((axis) => [`peak_${axis}`, millimetres]),
  ["peak_value", significant],
  ...["i", "j", "k"].map((axis) => [`peak_${axis}`, WHOLE]),
  ["mean_value", significant],
  ["mass", significant],
  ...AXES.map((axis) => [`centroid_${axis}`, millimetres]),
  ...AXES.map((axis) => [`cog_${axis}`, millimetres]),
  ["n_peaks", WHOLE],
  ...["p_peak_fwe", "p_cluster_fwe", "q_fdr", "tdp"].map((name) => [name, significant]),
]);
const PEAK_WRITTEN = new Map([
  ["region", WHOLE],
  ["peak", WHOLE],
  ...AXES.map((axis) => [axis, millimetres]),
  ...["i", "j", "k"].map((axis) => [axis, WHOLE]),
  ["value", significant],
  ["prominence", significant],
  ["p", significant],
  ["q", significant],
]);

// `texts`: further columns of text, [name, array] each; `quotes`: whether an apostrophe stands before
// text that a spreadsheet would take for a formula.
export function regionsText(columns, texts, quotes) {
  const named = [...WRITTEN].filter(([key]) => key in columns);
  const name = quotes ? quoted : String;
  const header = [...named.map(([key]) => key), ...texts.map(([head]) => name(head))];
  const rows = Array.from(columns.region, (_, row) => [
    ...named.map(([key, written]) => written(columns[key][row])),
    ...texts.map(([, column]) => name(oneLine(column[row]))),
  ]);
  return lines([header, ...rows]);
}

// `rows`: of all regions, each with its `region`; `names` of further columns of text.
export function peaksText(rows, hasCertainty, names, quotes) {
  const named = [...PEAK_WRITTEN].filter(([key]) => hasCertainty || !["p", "q"].includes(key));
  const name = quotes ? quoted : String;
  const header = [...named.map(([key]) => key), ...names.map(name)];
  const cells = rows.map((row) => [
    ...named.map(([key, written]) => written(row[key])),
    ...names.map((head) => name(oneLine(row[head]))),
  ]);
  return lines([header, ...cells]);
}

function lines(rows) {
  return rows.map((row) => row.join("\t")).join("\n") + "\n";
}

// What would break a table is kept out of its cells.
function oneLine(text) {
  return text.replace(/[\p{C}\p{Z}]/gu, " ").trim();
}

function quoted(text) {
  return /^[=+@-]/.test(text) ? `'${text}` : text;
}
