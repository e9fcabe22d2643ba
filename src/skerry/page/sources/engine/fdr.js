// False discovery rate: q of every voxel, after Benjamini and Hochberg over the mask.

import {nAbove} from "./tree.js";

// Gives ln q as a function of a height. `falling`: trees whose voxels come first, by falling
// height; `rising`: one whose voxels come after the zeros, by rising height (of the other sign,
// where p has one side), or null. `nInMask` counts all voxels.
export function logQOf(evidence, sides, falling, rising, nInMask) {
  const twice = sides === 2 ? Math.LN2 : 0;
  const logP = new Float64Array(nInMask);
  const order = merged(falling);
  const nRising = rising ? rising.n : 0;
  for (let at = 0; at < order.length; at++) {
    logP[at] = Math.min(evidence.logP(order[at], 1) + twice, 0);
  }
  const zero = Math.min(evidence.logP(0, 1) + twice, 0);
  logP.fill(zero, order.length, nInMask - nRising);
  for (let at = 0; at < nRising; at++) {
    logP[nInMask - 1 - at] = evidence.logP(rising.height[at], -1);
  }
  const logQ = lowestRate(logP);
  return (height) => logQ[nAbove(order, height) - 1];
}

// Heights of one or two trees together, the highest first.
function merged([one, other]) {
  if (!other) return one.height;
  const both = new Float64Array(one.n + other.n);
  for (let at = 0, a = 0, b = 0; at < both.length; at++) {
    const takesOne = b >= other.n || (a < one.n && one.height[a] >= other.height[b]);
    both[at] = takesOne ? one.height[a++] : other.height[b++];
  }
  return both;
}

// ln q by place among all p values, the lowest p first; written over ln p.
function lowestRate(logP) {
  const logN = Math.log(logP.length);
  let lowest = 0;
  for (let place = logP.length; place > 0; place--) {
    lowest = Math.min(lowest, logP[place - 1] + logN - Math.log(place));
    logP[place - 1] = lowest;
  }
  return logP;
}
