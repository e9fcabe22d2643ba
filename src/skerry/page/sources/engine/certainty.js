// How sure regions and peaks are, as the tables say it.

import {unshuffled} from "./codec.js";
import {Evidence, probability} from "./evidence.js";
import {logQOf} from "./fdr.js";
import {addLazily} from "./lazy.js";

const OTHER = {positive: -1, negative: 1};

export async function openCertainty(facts, readBlock, trees, nInMask) {
  if (!facts) return null;
  const [polynomials, deadlines] = await Promise.all([
    readBlock("polynomials"), readBlock("deadlines"),
  ]);
  const evidence = new Evidence(facts, unshuffled(polynomials, "float64"));
  return new Certainty(facts, evidence, unshuffled(deadlines, "int32"), trees, nInMask);
}

class Certainty {
  constructor(facts, evidence, differences, trees, nInMask) {
    this.evidence = evidence;
    this.trees = trees;
    this.nInMask = nInMask;
    this.signs = new Map();
    let start = 0;
    for (const [sign, {sides, n_deadlines: counts}] of Object.entries(facts.signs)) {
      const deadlines = counts.map((count) => {
        const part = differences.slice(start, start + count);
        for (let at = 1; at < count; at++) part[at] += part[at - 1];
        start += count;
        return part;
      });
      this.signs.set(sign, {sides, deadlines, logQ: null});
    }
  }

  // Columns of the regions of some cuts, those of one sign after those of the other.
  addColumns(columns, n, sign, threshold, cuts) {
    const known = this.signs.get(sign);
    if (!known) return;
    const clusterP = this.evidence.clusterP(threshold, known.sides);
    for (const name of ["p_peak_fwe", "p_cluster_fwe"]) columns[name] = new Float64Array(n);
    addLazily(columns, "q_fdr", () => {
      const logQ = this.logQ(sign);
      return columns.peak_value.map((value) => probability(logQ(Math.abs(value))));
    });
    columns.tdp = new Float64Array(n);
    cuts.forEach((cut, side) => {
      const {tree, first} = cut;
      const found = discoveries(cut, known.deadlines[side]);
      for (let at = 0; at < cut.nRegions; at++) {
        const height = tree.height[tree.peak[cut.lead[at]]];
        columns.p_peak_fwe[first + at] = this.evidence.peakP(height, known.sides);
        columns.p_cluster_fwe[first + at] = clusterP(cut.extent[at]);
        columns.tdp[first + at] = found[at] / cut.extent[at];
      }
    });
  }

  // p and q of a peak; null where there are none for that sign.
  ofPeak(sign, height) {
    return this.signs.has(sign) ? {p: this.pOf(sign, height), q: this.qOf(sign, height)} : null;
  }

  // Whether false discovery rates of a sign cost nothing any more.
  knowsRates(sign) {
    return !this.signs.has(sign) || this.signs.get(sign).logQ !== null;
  }

  // p of a height, without its q.
  pOf(sign, height) {
    const known = this.signs.get(sign);
    if (!known) return NaN;
    const logP = this.evidence.logP(height) + (known.sides === 2 ? Math.LN2 : 0);
    return probability(Math.min(logP, 0));
  }

  qOf(sign, height) {
    return this.signs.has(sign) ? probability(this.logQ(sign)(height)) : NaN;
  }

  // Made when first asked for: it looks at every voxel of the mask.
  logQ(sign) {
    const known = this.signs.get(sign);
    if (!known.logQ) {
      const falling = sign === "both" ? [1, -1] : [-OTHER[sign]];
      const rising = sign === "both" ? null : this.trees.get(OTHER[sign]);
      const trees = falling.map((side) => this.trees.get(side));
      known.logQ = logQOf(this.evidence, known.sides, trees, rising, this.nInMask);
    }
    return known.logQ;
  }
}

// At least so many voxels of each region are active: the largest, over u, of 1 - u + the number
// of its voxels of deadline below u; voxels come by rising deadline. To be asked before the
// tree is cut again.
function discoveries({tree, n, number, nRegions}, deadlines) {
  const counted = new Int32Array(nRegions);
  const found = new Int32Array(nRegions);
  const stop = Math.min(n, deadlines.length);
  for (let r = 0; r < stop; r++) {
    const region = number[tree.scratch[r]] - 1;
    if (region < 0) continue;
    const bound = ++counted[region] - deadlines[r];
    if (bound > found[region]) found[region] = bound;
  }
  return found;
}
