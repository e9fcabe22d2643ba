// What is found, in words.

import {heightText, plural, volumeText} from "./numbers.js";
import {rule} from "./rule.js";

// "12 regions, 34 512 mm³ at |z| ≥ 3.1"
export function summaryText(facts, state, {n, columns}) {
  const where = rule(facts, state.sign, heightText(state.threshold));
  if (!n) return `No region at ${where}`;
  const volume = columns.volume_mm3.reduce((sum, mm3) => sum + mm3, 0);
  return `${plural(n, "region", "regions")}, ${volumeText(volume)} mm³ at ${where}`;
}

// Why there is no region, and what to do about it.
export function emptyText({map}, {sign, minVolume}, {nAbove}) {
  if (map.lowest === null || !map.n_in_mask) {
    return "The map holds no value: every voxel is 0, NaN or outside the mask.";
  }
  if (nAbove && minVolume > 0) {
    return `${plural(nAbove, "voxel reaches", "voxels reach")} the threshold, but no region is as `
      + `large as ${volumeText(minVolume)} mm³. Lower the smallest region kept.`;
  }
  const side = sign === "both" ? "" : " on this side";
  return `The map's values run from ${heightText(map.lowest)} to ${heightText(map.highest)}: none is `
    + `that far from 0${side}. Lower the threshold to see regions.`;
}

// What to know before trusting cluster p at this height, null where there is nothing.
export function warningText({methods}, {threshold}, {columns}) {
  const low = methods?.low_forming;
  return low && threshold < low.height && "p_cluster_fwe" in columns ? low.text : null;
}
