// How many regions there are, and how large, at every threshold.

import {SIGNS} from "./forest.js";
import {nAbove} from "./tree.js";

// The lowest and the highest finite |value| of each sign, infinity and 0 where there is none.
export function rangesOf(inMask) {
  const ranges = new Map(SIGNS.map((sign) => [sign, {lowest: Infinity, highest: 0}]));
  for (const [sign, range] of ranges) {
    let {lowest, highest} = range;
    for (let at = 0; at < inMask.length; at++) {
      const height = sign * inMask[at];
      if (!(height > 0)) continue;
      if (height < lowest) lowest = height;
      if (height > highest && height < Infinity) highest = height;
    }
    Object.assign(range, {lowest, highest});
  }
  return ranges;
}

// The same for some signs together, 0 and 0 where there is none.
export function heightsOf(ranges) {
  const lowest = Math.min(...ranges.map((range) => range.lowest));
  const highest = Math.max(...ranges.map((range) => range.highest));
  return {lowest: lowest < highest ? lowest : highest, highest};
}

export function curveOf(trees, least, voxelVolume, {lowest, highest}, nPoints) {
  const threshold = Float64Array.from({length: nPoints}, (_, at) => {
    const share = nPoints > 1 ? at / (nPoints - 1) : 0;
    return lowest * (1 - share) + highest * share;
  });
  const count = new Int32Array(nPoints);
  const volume = new Float64Array(nPoints);
  for (const tree of trees) {
    const {regions, voxels} = sizesByRank(tree, least);
    for (let at = 0; at < nPoints; at++) {
      const n = nAbove(tree.height, threshold[at]);
      if (!n) continue;
      count[at] += regions[n - 1];
      volume[at] += voxels[n - 1] * voxelVolume;
    }
  }
  return {threshold, count, volume};
}

// Regions of `least` voxels and more, and their voxels, when the sea has reached each rank:
// a voxel ends the islands that it joins and begins one of their size and one voxel more.
function sizesByRank({n, parent}, least) {
  const extent = new Int32Array(n).fill(1);
  const regions = new Int32Array(n);
  const voxels = new Int32Array(n);
  let nRegions = 0;
  let nVoxels = 0;
  for (let r = 0; r < n; r++) {
    if (extent[r] >= least) {
      regions[r]++;
      voxels[r] += extent[r];
    }
    const next = parent[r];
    if (next < n) {
      extent[next] += extent[r];
      if (extent[r] >= least) {
        regions[next]--;
        voxels[next] -= extent[r];
      }
    }
    nRegions += regions[r];
    nVoxels += voxels[r];
    regions[r] = nRegions;
    voxels[r] = nVoxels;
  }
  return {regions, voxels};
}
