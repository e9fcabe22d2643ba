// What a height of the map says of chance: its z, and the logarithms of p values.

import {Pieces} from "./smooth.js";

const LN10 = Math.log(10);
const HALF_LOG_2PI = Math.log(2 * Math.PI) / 2;
const LARGEST_T = 1e100;
const TAIL_STEPS = 40;
// FSL's: voxels below have a p of 1. And the expected number of clusters falls with height
// above sqrt(3) only: below, random field theory says nothing of their extent.
const LOWEST_VOXEL_Z = 2;
const LOWEST_FORMING_Z = Math.sqrt(3);
const HIGHEST_Z = 1e100;
// A p below all doubles is written as the smallest that keeps its digits.
const SMALLEST_P = 2.2250738585072014e-308;

export function probability(logP) {
  return Number.isNaN(logP) ? NaN : Math.max(Math.exp(logP), SMALLEST_P);
}

export class Evidence {
  constructor(facts, polynomials) {
    this.kind = facts.kind;
    this.df = facts.df;
    this.smoothness = facts.smoothness;
    const nTail = facts.tail.length - 1;
    const nZ = facts.z === null ? 0 : facts.z.length - 1;
    const width = polynomials.length / (nTail + nZ);
    this.tail = new Pieces(facts.tail, polynomials.subarray(0, nTail * width));
    this.z = nZ ? new Pieces(facts.z, polynomials.subarray(nTail * width)) : null;
  }

  // z of a height, which is not negative.
  zOf(height) {
    if (this.kind === "z") return height;
    if (this.kind === "t") {
      const u = rootOfLog(height, this.df);
      return u * this.z.at(u);
    }
    if (this.kind === "p" && height === Infinity) return Infinity;
    return this.z.at(Math.log(height));
  }

  // ln of the upper tail of a height of the map; of -height where `sign` is -1.
  logP(height, sign = 1) {
    if (this.kind === "p") return -LN10 * height;
    const logTail = this.logTail(this.zOf(height));
    return sign > 0 ? logTail : Math.log1p(-Math.exp(logTail));
  }

  logTail(z) {
    if (z < 0) return Math.log1p(-Math.exp(this.logTail(-z)));
    if (z <= this.tail.ends[this.tail.ends.length - 1]) return this.tail.at(z) - z * z / 2;
    let fraction = z;
    for (let k = TAIL_STEPS; k > 0; k--) fraction = z + k / fraction;
    return -z * z / 2 - HALF_LOG_2PI - Math.log(fraction);
  }

  // ln of the number of clusters expected above a height in noise, one sign. No fewer than
  // voxels, over those of the mask, as no cluster is larger than the mask.
  logClusters(z) {
    const {n_voxels: nVoxels, roughness, n_dimensions: dimensions} = this.smoothness;
    const height = Math.min(z, HIGHEST_Z);
    const shape = dimensions === 2 ? Math.log(height) : Math.log(height - 1) + Math.log(height + 1);
    const expected = Math.log(nVoxels) + Math.log(roughness)
      - (dimensions + 1) / 2 * Math.log(2 * Math.PI) + shape - height * height / 2;
    return Math.max(expected, this.logTail(height));
  }

  // Family-wise p of a peak; NaN where the smoothness is not known.
  peakP(height, sides) {
    if (!this.smoothness) return NaN;
    const z = this.zOf(height);
    if (!(z >= LOWEST_VOXEL_Z)) return 1;
    return probability(Math.min(this.logClusters(z) + Math.log(sides), 0));
  }

  // Family-wise p of an extent in voxels, as a function; NaN where theory says nothing.
  clusterP(threshold, sides) {
    const z = this.zOf(threshold);
    if (!this.smoothness?.knows_extents || !(z > LOWEST_FORMING_Z)) return () => NaN;
    const half = this.smoothness.n_dimensions / 2;
    const logClusters = this.logClusters(z);
    const logVoxels = Math.log(this.smoothness.n_voxels) + this.logTail(z);
    const beta = Math.exp((this.smoothness.log_gamma + logClusters - logVoxels) / half);
    return (extent) => {
      const expected = Math.log(sides) + logClusters - beta * extent ** (1 / half);
      return probability(logOfAny(expected));
    };
  }
}

// sqrt(df ln(1 + t^2/df)), in which z is almost straight.
function rootOfLog(t, df) {
  if (t > LARGEST_T) return Math.sqrt(df * (2 * Math.log(Math.min(t, Number.MAX_VALUE)) - Math.log(df)));
  return Math.sqrt(df * Math.log1p(t * t / df));
}

// ln of the chance of any, of a Poisson number of ln(expected).
function logOfAny(logExpected) {
  if (logExpected < -40) return logExpected;
  return Math.log(-Math.expm1(-Math.exp(Math.min(logExpected, 700))));
}
