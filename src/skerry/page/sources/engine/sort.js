// Voxels by falling height; equal heights by the lower x, then y, then z in mm.

const DIGIT_BITS = 11;
const N_DIGITS = 1 << DIGIT_BITS;

// Heights are positive, and listed by rising x, y, z of their positions.
export function fallingOrder(heights, tieKeys) {
  const words = new Uint32Array(heights.buffer, heights.byteOffset, heights.byteLength / 4);
  let order = new Int32Array(heights.length);
  for (let at = 0; at < order.length; at++) order[at] = at;
  // The bits of a positive float rise with its value: the low word first, stably.
  if (heights instanceof Float64Array) {
    order = sortedByWord(sortedByWord(order, words, 2, 0), words, 2, 1);
  } else {
    order = sortedByWord(order, words, 1, 0);
  }
  if (tieKeys) settleTies(order, heights, tieKeys);
  return order;
}

function sortedByWord(order, words, width, place) {
  const n = order.length;
  let from = order;
  let to = new Int32Array(n);
  const counts = new Int32Array(N_DIGITS + 1);
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    counts.fill(0);
    for (let at = 0; at < n; at++) {
      counts[(~words[at * width + place] >>> shift & (N_DIGITS - 1)) + 1]++;
    }
    if (n && counts[(~words[place] >>> shift & (N_DIGITS - 1)) + 1] === n) continue;
    for (let digit = 0; digit < N_DIGITS; digit++) counts[digit + 1] += counts[digit];
    for (let at = 0; at < n; at++) {
      const one = from[at];
      to[counts[~words[one * width + place] >>> shift & (N_DIGITS - 1)]++] = one;
    }
    [from, to] = [to, from];
  }
  return from;
}

// On oblique grids the order of positions is not that of millimetres.
function settleTies(order, heights, tieKeys) {
  const [x, y, z] = tieKeys;
  for (let start = 0; start < order.length;) {
    let stop = start + 1;
    while (stop < order.length && heights[order[stop]] === heights[order[start]]) stop++;
    if (stop - start > 1) {
      order.subarray(start, stop).sort((a, b) => x[a] - x[b] || y[a] - y[b] || z[a] - z[b] || a - b);
    }
    start = stop;
  }
}
