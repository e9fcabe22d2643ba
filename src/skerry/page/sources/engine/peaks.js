// The peaks of one region, as the table of peaks lists them.

import {heightAbove, prominenceOf} from "./cut.js";

// Two voxels exactly the distance apart, up to rounding, are not further.
const ROUNDING_MM = 1e-6;

// `region` counts from 1 within the cut. The highest first.
export function peaksOfRegion(cut, region, grid, asked) {
  const chosen = [];
  for (const candidate of candidates(cut, region, grid, asked.min_prominence)) {
    if (asked.max_peaks !== null && chosen.length >= asked.max_peaks) break;
    const isApart = chosen.every((one) => {
      const apart = Math.hypot(one.x - candidate.x, one.y - candidate.y, one.z - candidate.z);
      return apart > asked.peak_distance_mm + ROUNDING_MM;
    });
    if (isApart) chosen.push({peak: chosen.length + 1, ...candidate});
  }
  return chosen;
}

// One by one: most of the peaks of a large region are never asked for.
function* candidates(cut, region, grid, minProminence) {
  const {tree, regionOfLeaf, threshold} = cut;
  const lead = cut.lead[region - 1];
  for (let leaf = lead; leaf < regionOfLeaf.length; leaf++) {
    if (regionOfLeaf[leaf] !== region) continue;
    const height = tree.height[tree.peak[leaf]];
    const prominence = leaf === lead ? heightAbove(height, threshold) : prominenceOf(tree, leaf);
    if (leaf !== lead && !(prominence >= minProminence)) continue;
    const index = tree.index[tree.peak[leaf]];
    const [i, j, k] = grid.ijk(index);
    const [x, y, z] = grid.toWorld([i, j, k]);
    yield {x, y, z, i, j, k, value: tree.sign * height, prominence, leaf};
  }
}
