// Which regions the reader has chosen, unfolded and points at.

export class Choice {
  constructor(engine) {
    this.engine = engine;
    // Voxels of peaks, so that regions stay chosen and unfolded as the sea moves.
    this.chosen = -1;
    this.unfolded = new Set();
    this.pointed = 0;
  }

  // The same as numbers of the regions of a result, 0 for none.
  within({labels}) {
    const region = (voxel) => (voxel < 0 ? 0 : labels[voxel]);
    const unfolded = new Set([...this.unfolded].map(region).filter((label) => label > 0));
    return {chosen: region(this.chosen), pointed: this.pointed, unfolded};
  }

  choose(result, region) {
    this.chosen = region ? this.peakVoxel(result, region) : -1;
  }

  // Unfolds a region, or folds it up again.
  unfold(result, region) {
    const open = [...this.unfolded].filter((voxel) => result.labels[voxel] === region);
    if (open.length) open.forEach((voxel) => this.unfolded.delete(voxel));
    else this.unfolded.add(this.peakVoxel(result, region));
  }

  peakVoxel({columns}, region) {
    const [i, j, k] = ["peak_i", "peak_j", "peak_k"].map((key) => columns[key][region - 1]);
    return this.engine.index(i, j, k);
  }
}

// Where a region's peak is, in mm.
export function peakPlace({columns}, region) {
  return ["peak_x", "peak_y", "peak_z"].map((key) => columns[key][region - 1]);
}
