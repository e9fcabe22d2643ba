// The merge tree of the voxels of one sign: who joins whom as the sea falls.

import {hangTogether, neighbourBits} from "./block.js";
import {uniteFlatTops} from "./plateaus.js";
import {voxelsOfSign} from "./voxels.js";

// A voxel's rank is its number by falling height. `index`, `height`: by rank; `parent`: the rank
// of the next voxel that joins the island of this one (n: none). By leaf: `peak`, the rank of its
// peak; `saddle`, the rank at which it meets a higher one, `elder` (n and itself: never).
// `scratch` is room for a number a voxel.
export function mergeTree(index, inMask, grid, connectivity, sign) {
  const parts = treeInParts(index, inMask, grid, connectivity, sign);
  for (;;) {
    const {done, value} = parts.next();
    if (done) return value;
  }
}

// The same, with places to pause.
export function* treeInParts(index, inMask, grid, connectivity, sign) {
  const voxels = yield* voxelsOfSign(index, inMask, grid, sign);
  const {layout, ...byRank} = voxels;
  const near = neighbourSteps(layout.block, connectivity);
  yield;
  const {above, critical} = lookAround(voxels.n, layout, connectivity);
  yield;
  const climbed = climb(above);
  const {leaf, peak} = uniteFlatTops(voxels, near, grid, climbed.basin, climbed.summit);
  yield;
  const joined = join(leaf, peak.length, layout, near, critical);
  return {...byRank, peak, ...joined, scratch: new Int32Array(voxels.n)};
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

function neighbourSteps(block, connectivity) {
  const bits = neighbourBits(connectivity);
  return block.filter((_, bit) => bits >>> bit & 1);
}

// The highest neighbour of every voxel (itself: none is higher), by rank; and which voxels are
// `critical`: their higher neighbours do not hang together around them. No others can join two
// islands.
function lookAround(n, {box, visit, block}, connectivity) {
  const above = new Int32Array(n);
  const critical = new Uint8Array(n);
  const near = neighbourBits(connectivity);
  const isWhole = hangTogether(connectivity);
  for (let at = 0; at < n; at++) {
    const place = visit[at];
    const rank = box[place];
    let best = rank;
    let higher = 0;
    for (let bit = 0; bit < 27; bit += 3) { // three voxels in a row
      const middle = place + block[bit + 1];
      const a = box[middle - 1];
      const b = box[middle];
      const c = box[middle + 1];
      if (a < rank) {
        higher |= 1 << bit;
        if (a < best && (near >>> bit & 1)) best = a;
      }
      if (b < rank) {
        higher |= 2 << bit;
        if (b < best && (near >>> bit & 2)) best = b;
      }
      if (c < rank) {
        higher |= 4 << bit;
        if (c < best && (near >>> bit & 4)) best = c;
      }
    }
    above[rank] = best;
    if (!isWhole(higher)) critical[rank] = 1;
  }
  return {above, critical};
}

// Send every voxel up its steepest path. `basin`: the number of its summit.
function climb(above) {
  const basin = new Int32Array(above.length);
  const summit = [];
  for (let r = 0; r < above.length; r++) {
    if (above[r] === r) {
      basin[r] = summit.length;
      summit.push(r);
    } else {
      basin[r] = basin[above[r]]; // which is higher, so that it is known already
    }
  }
  return {basin, summit: Int32Array.from(summit)};
}

// Add voxel after voxel and join the islands that meet; the one with the higher peak stays.
function join(leaf, nLeaves, {box, place}, near, critical) {
  const n = leaf.length;
  const parent = new Int32Array(n).fill(n);
  const saddle = new Int32Array(nLeaves).fill(n);
  const elder = Int32Array.from(saddle, (_, one) => one);
  const root = Int32Array.from(elder);
  const last = new Int32Array(nLeaves).fill(-1);
  for (let r = 0; r < n; r++) {
    const own = islandOf(leaf[r], root);
    let oldest = own;
    if (critical[r]) {
      const others = islandsBeside(r, own, box, place[r], near, leaf, root);
      for (const island of others) oldest = Math.min(oldest, island);
      for (const island of [...others, own]) {
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

function islandOf(leaf, root) {
  let island = leaf;
  while (root[island] !== island) {
    root[island] = root[root[island]]; // the way is half as long the next time
    island = root[island];
  }
  return island;
}

function islandsBeside(rank, own, box, place, near, leaf, root) {
  const islands = [];
  for (let k = 0; k < near.length; k++) {
    const other = box[place + near[k]];
    if (other >= rank || leaf[other] === leaf[rank]) continue;
    const island = islandOf(leaf[other], root);
    if (island !== own && !islands.includes(island)) islands.push(island);
  }
  return islands;
}
