// Voxels by falling height; equal heights by the lower x, then y, then z in mm.

import {PLATFORM_IS_LITTLE} from "./codec.js";

const DIGIT_BITS = 11;
const N_DIGITS = 1 << DIGIT_BITS;
const SHIFTS = [0, DIGIT_BITS, 2 * DIGIT_BITS];

// `heights` are positive; `index`, which rises, says where they are on the grid. Gives the numbers of
// the voxels in `heights` by rank.
export function fallingOrder(heights, index, grid) {
  const isWide = heights instanceof Float64Array;
  const words = new Uint32Array(heights.buffer, heights.byteOffset, heights.byteLength / 4);
  const highWord = isWide && PLATFORM_IS_LITTLE ? 1 : 0;
  let order = new Int32Array(heights.length);
  for (let at = 0; at < order.length; at++) order[at] = at;
  // The bits of a positive float rise with its value: the low word first, stably.
  if (isWide) order = sortedByWord(order, words, 2, 1 - highWord);
  order = sortedByWord(order, words, isWide ? 2 : 1, highWord);
  settleTies(order, heights, index, grid);
  return order;
}

// Falling, digit by digit; equal words stay as they are.
function sortedByWord(order, words, width, place) {
  const n = order.length;
  let keys = new Uint32Array(n);
  const counts = SHIFTS.map(() => new Int32Array(N_DIGITS));
  const [low, middle, high] = counts;
  for (let at = 0; at < n; at++) {
    const key = ~words[order[at] * width + place];
    keys[at] = key;
    low[key & (N_DIGITS - 1)]++;
    middle[key >>> DIGIT_BITS & (N_DIGITS - 1)]++;
    high[key >>> 2 * DIGIT_BITS]++;
  }
  let from = order;
  let to = new Int32Array(n);
  let keysTo = new Uint32Array(n);
  for (let pass = 0; pass < SHIFTS.length; pass++) {
    const starts = counts[pass];
    const shift = SHIFTS[pass];
    if (n && starts[keys[0] >>> shift & (N_DIGITS - 1)] === n) continue; // all the same
    for (let digit = 0, sum = 0; digit < N_DIGITS; digit++) {
      sum += starts[digit];
      starts[digit] = sum - starts[digit];
    }
    for (let at = 0; at < n; at++) {
      const key = keys[at];
      const goal = starts[key >>> shift & (N_DIGITS - 1)]++;
      to[goal] = from[at];
      keysTo[goal] = key;
    }
    [from, to] = [to, from];
    [keys, keysTo] = [keysTo, keys];
  }
  return from;
}

function settleTies(order, heights, index, grid) {
  for (let start = 0; start < order.length;) {
    const height = heights[order[start]];
    let stop = start + 1;
    while (stop < order.length && heights[order[stop]] === height) stop++;
    if (stop - start > 1) {
      const places = Array.from(order.subarray(start, stop), (number) => index[number]);
      bySpace(places, grid).forEach((place, at) => {
        order[start + at] = numberOf(place, index);
      });
    }
    start = stop;
  }
}

function numberOf(place, index) {
  let low = 0;
  let high = index.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (index[middle] < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Places on the grid by rising x, then y, then z in mm.
function bySpace(places, grid) {
  if (grid.sortedInSpace) {
    const rasters = Float64Array.from(places, (place) => grid.raster(place)).sort();
    return Array.from(rasters, (raster) => grid.indexOfRaster(raster));
  }
  const keyed = places.map((place) => [place, ...grid.tieKey(place)]);
  keyed.sort((a, b) => a[1] - b[1] || a[2] - b[2] || a[3] - b[3]);
  return keyed.map(([place]) => place);
}
