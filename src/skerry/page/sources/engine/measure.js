// Columns of regions.

// What every change of the threshold needs: written for the regions of a cut.
export function describeCut(cut, grid, labels, columns) {
  const {tree, first} = cut;
  paint(cut, labels);
  for (let at = 0; at < cut.nRegions; at++) {
    const row = first + at;
    const peak = tree.peak[cut.lead[at]];
    const [i, j, k] = grid.ijk(tree.index[peak]);
    columns.region[row] = row + 1;
    columns.sign[row] = tree.sign;
    columns.n_voxels[row] = cut.extent[at];
    columns.volume_mm3[row] = cut.extent[at] * grid.voxelVolume;
    columns.peak_value[row] = tree.sign * tree.height[peak];
    columns.n_peaks[row] = cut.nPeaks[at];
    [columns.peak_i[row], columns.peak_j[row], columns.peak_k[row]] = [i, j, k];
    [columns.peak_x[row], columns.peak_y[row], columns.peak_z[row]] = grid.toWorld([i, j, k]);
  }
}

function paint({tree, n, number, first}, labels) {
  const {scratch: island, index} = tree;
  for (let r = 0; r < n; r++) {
    const region = number[island[r]];
    if (region > 0) labels[index[r]] = first + region;
  }
}

const COUNTED = ["region", "n_voxels", "peak_i", "peak_j", "peak_k", "n_peaks"];
const MEASURED = ["volume_mm3", "peak_x", "peak_y", "peak_z", "peak_value"];

export function emptyColumns(n) {
  const columns = {sign: new Int8Array(n)};
  for (const name of COUNTED) columns[name] = new Int32Array(n);
  for (const name of MEASURED) columns[name] = new Float64Array(n);
  return columns;
}
