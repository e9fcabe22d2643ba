// The regions of one sign at one threshold, in their final order.

import {nAbove} from "./tree.js";

// `tree` needs `scratch`: room for a number a voxel, which every cut writes anew.
// Gives, by region, `lead` (the leaf of its highest peak), `extent` and `nPeaks`;
// `number` (from 1; 0 for none) by what `scratch` holds for each rank above the threshold;
// `regionOfLeaf`, such a number for each leaf above it.
export function cutTree(tree, threshold, least, minProminence) {
  const n = nAbove(tree.height, threshold);
  const {island, extent} = islandsAbove(tree, n);
  const {lead, nPeaks, islandOfLeaf} = peaksOfIslands(tree, n, island, extent.length, minProminence);
  const order = inOrder(tree, lead, extent);
  const number = new Int32Array(extent.length);
  const kept = order.filter((one) => extent[one] >= least);
  kept.forEach((one, at) => {
    number[one] = at + 1;
  });
  const pick = (numbers) => Int32Array.from(kept, (one) => numbers[one]);
  return {
    tree, threshold, n, number, nRegions: kept.length,
    lead: pick(lead), extent: pick(extent), nPeaks: pick(nPeaks),
    regionOfLeaf: islandOfLeaf.map((one) => number[one]),
  };
}

// One pass from the threshold upwards: a voxel is in the island of the one that it joins.
function islandsAbove({parent, scratch}, n) {
  const extent = [];
  for (let r = n - 1; r >= 0; r--) {
    const next = parent[r];
    let one;
    if (next >= n) {
      one = extent.length;
      extent.push(1);
    } else {
      one = scratch[next];
      extent[one]++;
    }
    scratch[r] = one;
  }
  return {island: scratch, extent: Int32Array.from(extent)};
}

function peaksOfIslands(tree, n, island, nIslands, minProminence) {
  const lead = new Int32Array(nIslands).fill(-1);
  const nPeaks = new Int32Array(nIslands);
  const islandOfLeaf = new Int32Array(nAboveRank(tree.peak, n));
  for (let leaf = 0; leaf < islandOfLeaf.length; leaf++) {
    const one = island[tree.peak[leaf]];
    islandOfLeaf[leaf] = one;
    if (lead[one] < 0) {
      lead[one] = leaf;
      nPeaks[one] = 1;
    } else if (prominenceOf(tree, leaf) >= minProminence) {
      nPeaks[one]++;
    }
  }
  return {lead, nPeaks, islandOfLeaf};
}

// Leaves count by the rank of their peak.
function nAboveRank(peak, n) {
  let count = peak.length;
  while (count && peak[count - 1] >= n) count--;
  return count;
}

// How far a peak that is not the highest of its region rises above its saddle.
export function prominenceOf(tree, leaf) {
  return heightAbove(tree.height[tree.peak[leaf]], tree.height[tree.saddle[leaf]]);
}

export function heightAbove(height, base) {
  return height === base ? 0 : height - base; // infinity above infinity is 0
}

// By falling peak; ties by falling extent, then by the peak's lowest x, y, z.
function inOrder(tree, lead, extent) {
  const order = Array.from(lead, (_, one) => one);
  const heightOf = (one) => tree.height[tree.peak[lead[one]]];
  return order.sort((a, b) => {
    const high = heightOf(a);
    const low = heightOf(b);
    return high === low ? extent[b] - extent[a] || lead[a] - lead[b] : high < low ? 1 : -1;
  });
}
