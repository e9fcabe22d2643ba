// Names of places: at peaks, and what regions overlap.

import {unshuffled} from "./codec.js";
import {fixed} from "./numbers.js";

const OUTSIDE_ATLAS = "outside the atlas";
// Labels that hold less of a region are not listedShares, unless none holds more.
const MIN_OVERLAP = 0.05;
// What float32 leaves of 1 - 1.
const NO_SHARE = 1e-6;
const MOST_CELLS = 4e6;

export async function openAtlas(facts, readBlock) {
  const {block} = facts;
  const read = async (name, dtype) => unshuffled(await readBlock(name), dtype);
  const labels = await read(block, "int32");
  const chances = facts.is_probabilistic
    ? {counts: await read(`${block}_counts`, "int32"), shares: await read(`${block}_shares`, "float32")}
    : null;
  const texts = JSON.parse(new TextDecoder().decode(await readBlock(`${block}_texts`)));
  const numbers = await read(`${block}_peaks`, "int32");
  return new NamedPlaces(facts, labels, chances, texts, numbers);
}

class NamedPlaces {
  constructor(facts, labels, chances, texts, numbers) {
    this.name = facts.name;
    this.facts = facts;
    this.labels = labels;
    this.chances = chances;
    this.texts = texts;
    this.numbers = numbers;
    this.nPeaks = numbers.length / texts.length;
  }

  // A peak by its sign and its leaf of the merge tree. Columns of the table of peaks.
  ofPeak(sign, leaf) {
    const peak = sign > 0 ? leaf : this.facts.n_positive_peaks + leaf;
    const columns = {[this.name]: this.texts[0][this.numbers[peak]]};
    if (this.texts.length > 1) {
      columns[`${this.name}_network`] = this.texts[1][this.numbers[this.nPeaks + peak]];
    }
    return columns;
  }

  // Texts of all regions of a result: `overlap`, and `network` where there are any.
  overlaps(maskIndex, result) {
    const shared = this.sharedVoxels(maskIndex, result.labels, result.n);
    const {labels, networks} = this.facts;
    const pairs = shared.map((held, region) => {
      const size = result.columns.n_voxels[region];
      return [...held].map(([label, voxels]) => ({label, share: voxels / size})).sort(largestShareFirst);
    });
    return {
      overlap: pairs.map((held) => listedShares(held, labels)),
      network: networks.length ? pairs.map((held) => listedShares(this.merged(held), networks)) : null,
    };
  }

  // For each region, how many voxels each label shares with it (0: outside).
  sharedVoxels(maskIndex, regions, n) {
    const width = this.facts.labels.length + 1;
    const sums = n * width <= MOST_CELLS ? new Float64Array(n * width) : new Map();
    const add = sums instanceof Map
      ? (cell, share) => sums.set(cell, (sums.get(cell) ?? 0) + share)
      : (cell, share) => { sums[cell] += share; };
    if (this.chances) this.addChances(maskIndex, regions, width, add);
    else {
      for (let at = 0; at < maskIndex.length; at++) {
        const region = regions[maskIndex[at]];
        if (region > 0) add((region - 1) * width + this.labels[at], 1);
      }
    }
    const shared = Array.from({length: n}, () => new Map());
    sums.forEach((share, cell) => {
      if (share > 0) shared[Math.floor(cell / width)].set(cell % width, share);
    });
    return shared;
  }

  // A voxel is outside as far as its probabilities do not reach 1.
  addChances(maskIndex, regions, width, add) {
    const {counts, shares} = this.chances;
    for (let at = 0, start = 0; at < maskIndex.length; start += counts[at], at++) {
      const region = regions[maskIndex[at]];
      if (region <= 0) continue;
      let outside = 1;
      for (let one = start; one < start + counts[at]; one++) {
        if (shares[one] >= NO_SHARE) add((region - 1) * width + this.labels[one], shares[one]);
        outside -= shares[one];
      }
      if (outside >= NO_SHARE) add((region - 1) * width, outside);
    }
  }

  // Labels of one network together; those of none are left out.
  merged(pairs) {
    const shares = new Map();
    for (const {label, share} of pairs) {
      const network = label ? this.facts.network_of[label - 1] : 0;
      if (label && !network) continue;
      shares.set(network, (shares.get(network) ?? 0) + share);
    }
    return [...shares].map(([label, share]) => ({label, share})).sort(largestShareFirst);
  }
}

// The largest first, what lies outside last.
function largestShareFirst(a, b) {
  return (a.label === 0) - (b.label === 0) || b.share - a.share || a.label - b.label;
}

function listedShares(pairs, names) {
  const text = ({label, share}) => `${label ? names[label - 1] : OUTSIDE_ATLAS} ${fixed(100 * share, 1)}%`;
  const large = pairs.filter(({share}) => share >= MIN_OVERLAP);
  return (large.length ? large : pairs.slice(0, 1)).map(text).join("; ");
}
