// The voxels of one sign by falling height, and laid out so that neighbours are easy to reach.

import {fallingOrder} from "./sort.js";

// `index`: places of the mask on the grid, rising; `inMask`: the values there. With places to pause.
export function* voxelsOfSign(index, inMask, grid, sign) {
  const {places, heights} = ofSign(index, inMask, sign);
  yield;
  const order = fallingOrder(heights, places, grid);
  yield;
  const {rank, ...byRank} = ranked(order, places, heights);
  yield;
  return {sign, n: places.length, ...byRank, layout: laidOut(places, rank, grid)};
}

function ofSign(index, inMask, sign) {
  const n = countOfSign(inMask, sign);
  const places = new Int32Array(n);
  const heights = new inMask.constructor(n);
  for (let at = 0, to = 0; at < inMask.length; at++) {
    const height = sign * inMask[at];
    if (height > 0) {
      places[to] = index[at];
      heights[to++] = height;
    }
  }
  return {places, heights};
}

function countOfSign(inMask, sign) {
  let n = 0;
  for (let at = 0; at < inMask.length; at++) n += sign * inMask[at] > 0 ? 1 : 0;
  return n;
}

// Voxels of some |value| and more, of either sign.
export function voxelsReaching(index, inMask, least) {
  let n = 0;
  const order = new Int32Array(inMask.length);
  for (let at = 0; at < inMask.length; at++) {
    if (Math.abs(inMask[at]) >= least) order[n++] = at;
  }
  const places = new Int32Array(n);
  const values = new inMask.constructor(n);
  for (let at = 0; at < n; at++) {
    places[at] = index[order[at]];
    values[at] = inMask[order[at]];
  }
  return {places, values};
}

function ranked(order, places, heights) {
  const n = order.length;
  const rank = new Int32Array(n);
  const index = new Int32Array(n);
  const height = new heights.constructor(n);
  for (let r = 0; r < n; r++) {
    const number = order[r];
    rank[number] = r;
    index[r] = places[number];
    height[r] = heights[number];
  }
  return {rank, index, height};
}

// Ranks in a box around the voxels with a border of one voxel: neighbours are the same steps
// from everywhere. `visit` holds the places in the box, rising; `place` those by rank; `block`
// the steps to the 3 x 3 x 3 voxels around a place.
function laidOut(places, rank, grid) {
  const n = places.length;
  const [nI, nJ] = grid.shape;
  const low = [Infinity, Infinity, Infinity];
  const high = [0, 0, 0];
  const stored = new grid.Positions(3 * n);
  for (let at = 0; at < n; at++) {
    const row = places[at] / nI | 0;
    const k = row / nJ | 0;
    stored[3 * at] = places[at] - row * nI;
    stored[3 * at + 1] = row - k * nJ;
    stored[3 * at + 2] = k;
    for (let axis = 0; axis < 3; axis++) {
      const along = stored[3 * at + axis];
      if (along < low[axis]) low[axis] = along;
      if (along > high[axis]) high[axis] = along;
    }
  }
  const [sizeI, sizeJ, sizeK] = n ? high.map((last, axis) => last - low[axis] + 3) : [0, 0, 0];
  const plane = sizeI * sizeJ;
  const box = new Int32Array(plane * sizeK).fill(n);
  const visit = new Int32Array(n);
  const place = new Int32Array(n);
  for (let at = 0; at < n; at++) {
    const i = stored[3 * at] - low[0] + 1;
    const j = stored[3 * at + 1] - low[1] + 1;
    visit[at] = (stored[3 * at + 2] - low[2] + 1) * plane + j * sizeI + i;
    place[rank[at]] = visit[at];
    box[visit[at]] = rank[at];
  }
  const block = Int32Array.from({length: 27}, (_, bit) => {
    return (Math.floor(bit / 9) - 1) * plane + (Math.floor(bit / 3) % 3 - 1) * sizeI + bit % 3 - 1;
  });
  return {box, visit, place, block};
}
