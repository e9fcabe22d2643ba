// A map and its regions at any threshold: what the page asks.

import {openAtlas} from "./atlas.js";
import {openCertainty} from "./certainty.js";
import {positionsOfBits, unshuffled} from "./codec.js";
import {colorLeads, colorLeaves, PALETTE} from "./colors.js";
import {curveOf, heightsOf, rangesOf} from "./curve.js";
import {cutTree} from "./cut.js";
import {Forest} from "./forest.js";
import {VoxelGrid} from "./grid.js";
import {addLazily, lazily} from "./lazy.js";
import {describeCut, emptyColumns} from "./measure.js";
import {niftiGz} from "./nifti.js";
import {peaksOfRegion} from "./peaks.js";
import {SUMMED, summedColumns, voxelsInSpace} from "./sums.js";
import {peaksText, regionsText} from "./tsv.js";

const SIDES = {both: [1, -1], positive: [1], negative: [-1]};

export async function openEngine(facts, readBlock) {
  const [values, mask] = await Promise.all([readBlock("values"), readBlock("mask")]);
  const inMask = unshuffled(values, facts.blocks.values.dtype);
  const engine = new Engine(facts, inMask, mask, readBlock);
  engine.atlases = await Promise.all(facts.atlases.map((atlas) => openAtlas(atlas, readBlock)));
  engine.certainty = await openCertainty(facts.certainty, readBlock, engine.trees, inMask.length);
  return engine;
}

class Engine {
  // `inMask`: the values of the mask, `maskBits` where they are.
  constructor(facts, inMask, maskBits, readBlock) {
    this.facts = facts;
    this.grid = new VoxelGrid(facts.grid);
    this.readBlock = readBlock;
    this.certainty = null;
    this.atlases = [];
    this.shape = this.grid.shape;
    this.affine = this.grid.affine;
    this.inverse = this.grid.inverse;
    this.voxelVolume = this.grid.voxelVolume;
    this.palette = PALETTE;
    this.inMask = inMask;
    this.maskIndex = positionsOfBits(maskBits, inMask.length);
    this.values = spread(inMask, this.maskIndex, this.grid.nVoxels);
    this.trees = new Forest(this.maskIndex, inMask, this.grid, facts.asked.connectivity);
    this.ranges = lazily(() => rangesOf(inMask));
    this.asked = lazily(() => this.askedCuts());
    this.leadColors = lazily(() => colorLeads(this.asked(), this.grid));
    this.leafColors = lazily(() => colorLeaves(this.trees, this.grid, this.leadColors()));
    this.inSpace = null;
  }

  index(i, j, k) {
    return this.grid.index(i, j, k);
  }

  toVoxel(xyz) {
    return this.grid.toVoxel(xyz);
  }

  toWorld(ijk) {
    return this.grid.toWorld(ijk);
  }

  cuts(trees, threshold, sign, minVolume) {
    const least = minVolume / this.voxelVolume * (1 - 1e-9);
    const {min_prominence: minProminence} = this.facts.asked;
    let first = 0;
    return SIDES[sign].map((side) => {
      const cut = {...cutTree(trees.get(side), threshold, least, minProminence), first};
      first += cut.nRegions;
      return cut;
    });
  }

  // The regions that the page opens with, which figures show too; no more of the trees is needed
  // than what makes them.
  askedCuts() {
    const {threshold, sign, min_volume_mm3: minVolume} = this.facts.asked;
    return threshold === null ? [] : this.cuts(this.trees.above(threshold), threshold, sign, minVolume);
  }

  isAsked(threshold, sign, minVolume) {
    const {asked} = this.facts;
    return threshold === asked.threshold && sign === asked.sign && minVolume === asked.min_volume_mm3;
  }

  // Makes what the opening left out, in steps of about so many ms; true when nothing is left.
  prepare(atMost) {
    if (this.trees.isWhole) {
      this.leafColors();
      return true;
    }
    this.trees.grow(atMost);
    return false;
  }

  // The regions at a threshold, as find_regions finds and numbers them.
  at({threshold, sign = "both", minVolume = 0}) {
    const isOpening = !this.trees.isWhole && this.isAsked(threshold, sign, minVolume);
    // Before the cut, since they may cut the same trees.
    const colors = isOpening ? this.leadColors() : this.leafColors();
    const cuts = isOpening ? this.asked() : this.cuts(this.trees, threshold, sign, minVolume);
    const n = cuts.reduce((sum, cut) => sum + cut.nRegions, 0);
    const labels = new Int32Array(this.grid.nVoxels);
    const columns = emptyColumns(n);
    const color = new Int32Array(n);
    for (const cut of cuts) {
      describeCut(cut, this.grid, labels, columns);
      cut.lead.forEach((leaf, at) => {
        color[cut.first + at] = colors.get(cut.tree.sign)[leaf];
      });
    }
    this.addSums(columns, labels, n);
    if (this.certainty) this.certainty.addColumns(columns, n, sign, threshold, cuts);
    const above = cuts.reduce((sum, cut) => sum + cut.n, 0);
    const atlas = this.atlases.map((one) => ({
      peak: cuts.flatMap(({tree, lead}) => Array.from(lead, (leaf) => one.ofPeak(tree.sign, leaf)[one.name])),
    }));
    return {threshold, sign, minVolume, n, labels, columns, color, atlas, nAbove: above, cuts};
  }

  // Sums take longer than all else and nobody sees them while the threshold moves.
  addSums(columns, labels, n) {
    const summed = lazily(() => {
      this.inSpace ??= voxelsInSpace(this.maskIndex, this.inMask, this.grid);
      return summedColumns(this.inSpace, this.grid, labels, n);
    });
    for (const name of SUMMED) addLazily(columns, name, () => summed()[name]);
  }

  // At so many thresholds of a range, counts and volumes of regions.
  curve({sign = "both", minVolume = 0}, range, nPoints) {
    const least = minVolume / this.voxelVolume * (1 - 1e-9);
    const trees = SIDES[sign].map((side) => this.trees.get(side));
    return curveOf(trees, least, this.voxelVolume, range, nPoints);
  }

  heights(sign = "both") {
    return heightsOf(SIDES[sign].map((side) => this.ranges().get(side)));
  }

  // Rows of the table of peaks for one region, the highest first.
  peaks(result, region) {
    const cut = cutOf(result, region);
    const rows = peaksOfRegion(cut, region - cut.first, this.grid, this.facts.asked);
    return rows.map(({leaf, ...row}) => Object.assign(
      row,
      this.certainty?.ofPeak(result.sign, Math.abs(row.value)),
      ...this.atlases.map((atlas) => atlas.ofPeak(cut.tree.sign, leaf)),
    ));
  }

  // Whether that table has more than the highest. Kept, since every row asks at every look.
  hasFurtherPeaks(result, region) {
    result.further ??= new Map();
    if (!result.further.has(region)) result.further.set(region, this.findsTwoPeaks(result, region));
    return result.further.get(region);
  }

  findsTwoPeaks(result, region) {
    const {asked} = this.facts;
    const cut = cutOf(result, region);
    const two = {...asked, max_peaks: Math.min(asked.max_peaks ?? 2, 2)};
    return peaksOfRegion(cut, region - cut.first, this.grid, two).length === 2;
  }

  // What the tables say of a region's overlap with each atlas.
  overlap(result, region) {
    return this.overlaps(result).map(({overlap}) => overlap[region - 1]);
  }

  overlaps(result) {
    result.overlaps ??= this.atlases.map((atlas) => atlas.overlaps(this.maskIndex, result));
    return result.overlaps;
  }

  // The bytes of STEM_regions.nii.gz.
  async labelsNifti(result) {
    return niftiGz(await this.readBlock("labels_header"), result.labels);
  }

  // The text of STEM_regions.tsv.
  tsv(result) {
    const texts = this.overlaps(result).flatMap(({overlap, network}, at) => {
      const {name} = this.atlases[at];
      const columns = [[`${name}_peak`, result.atlas[at].peak], [`${name}_overlap`, overlap]];
      return network ? [...columns, [`${name}_network`, network]] : columns;
    });
    return regionsText(result.columns, texts, this.facts.asked.quote_formulas);
  }

  // The text of STEM_peaks.tsv.
  peaksTsv(result) {
    const rows = Array.from(result.columns.region, (region) => {
      return this.peaks(result, region).map((row) => ({region, ...row}));
    });
    const names = this.atlases.flatMap(({name, texts}) => [name, `${name}_network`].slice(0, texts.length));
    return peaksText(rows.flat(), "q_fdr" in result.columns, names, this.facts.asked.quote_formulas);
  }
}

function cutOf({cuts}, region) {
  return cuts.find(({first, nRegions}) => region > first && region <= first + nRegions);
}

// Values of the mask on the full grid, NaN outside.
function spread(inMask, index, nVoxels) {
  const values = new inMask.constructor(nVoxels).fill(NaN);
  for (let at = 0; at < index.length; at++) values[index[at]] = inMask[at];
  return values;
}
