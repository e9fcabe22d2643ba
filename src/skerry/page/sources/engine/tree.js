// The merge tree of the voxels of one sign: who joins whom as the sea falls.

import {uniteFlatTops} from "./plateaus.js";
import {laidOut, voxelsOfSign} from "./voxels.js";

// A voxel's rank is its number by falling height. `parent` is the rank of the next voxel that
// joins the island of this one (n: none); `leaf` the peak that the steepest path leads to;
// `peak` the rank of each leaf's peak; `saddle` the rank at which a leaf meets a higher one,
// `elder` (n: never); `reach` the smallest rank from which on a voxel is in a region at all.
export function mergeTree(values, grid, connectivity, sign) {
  const voxels = voxelsOfSign(values, grid, sign);
  const layout = laidOut(voxels, connectivity);
  const climbed = climb(voxels.n, layout);
  const {leaf, peak} = uniteFlatTops(voxels, layout, grid, climbed.basin, climbed.summit);
  return {...voxels, leaf, peak, ...join(voxels.n, layout, leaf, peak.length, climbed.critical)};
}

// Number of ranks at or above a threshold.
export function nAbove(height, threshold) {
  let low = 0;
  let high = height.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (height[middle] >= threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Send every voxel up to a summit. Only `critical` voxels, which touch two basins, can join any.
function climb(n, {box, place, steps}) {
  const basin = new Int32Array(n);
  const critical = new Uint8Array(n);
  const summit = [];
  const nSteps = steps.length;
  const higher = new Int32Array(nSteps);
  for (let r = 0; r < n; r++) {
    const at = place[r];
    let best = r;
    let found = 0;
    for (let k = 0; k < nSteps; k++) {
      const other = box[at + steps[k]];
      if (other < r) {
        higher[found++] = other;
        if (other < best) best = other;
      }
    }
    if (best === r) {
      basin[r] = summit.length;
      summit.push(r);
      continue;
    }
    const home = basin[best];
    basin[r] = home;
    for (let k = 0; k < found; k++) {
      if (basin[higher[k]] !== home) {
        critical[r] = 1;
        break;
      }
    }
  }
  return {basin, critical, summit: Int32Array.from(summit)};
}

// Add voxel after voxel and join the islands that meet; the one with the higher peak stays.
function join(n, {box, place, steps}, leaf, nLeaves, critical) {
  const parent = new Int32Array(n).fill(n);
  const saddle = new Int32Array(nLeaves).fill(n);
  const elder = Int32Array.from(saddle, (_, one) => one);
  const root = Int32Array.from(elder);
  const last = new Int32Array(nLeaves).fill(-1);
  const islands = [];
  const islandOf = (one) => {
    let top = one;
    while (root[top] !== top) top = root[top];
    while (root[one] !== top) {
      const next = root[one];
      root[one] = top;
      one = next;
    }
    return top;
  };
  for (let r = 0; r < n; r++) {
    const home = leaf[r];
    let oldest = islandOf(home);
    if (critical[r]) {
      islands.length = 0;
      islands.push(oldest);
      for (let k = 0; k < steps.length; k++) {
        const other = box[place[r] + steps[k]];
        if (other >= r || leaf[other] === home) continue;
        const island = islandOf(leaf[other]);
        if (!islands.includes(island)) islands.push(island);
        if (island < oldest) oldest = island;
      }
      for (const island of islands) {
        if (island === oldest) continue;
        saddle[island] = r;
        elder[island] = oldest;
        root[island] = oldest;
        if (last[island] >= 0) parent[last[island]] = r;
      }
    }
    if (last[oldest] >= 0) parent[last[oldest]] = r;
    last[oldest] = r;
  }
  return {parent, saddle, elder};
}
