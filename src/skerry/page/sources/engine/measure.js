// Columns of regions: sums over voxels by rising x, then y, then z, as the tables sum them.

// `labels` and `sums` are written; `first` is the number of regions before those of this cut.
export function measureCut(cut, grid, labels, columns, first) {
  const {tree, n, nRegions} = cut;
  const sums = sumsOfRegions(cut, labels, first);
  for (let at = 0; at < nRegions; at++) {
    const row = first + at;
    const extent = cut.extent[at];
    const listed = tree.order[tree.peak[cut.lead[at]]];
    const [i, j, k] = grid.ijk(tree.index[listed]);
    const peak = grid.toWorld([i, j, k]);
    const corner = grid.xyzOfPosition(sums.x[at], sums.y[at], sums.z[at]);
    const mass = sums.mass[at];
    columns.region[row] = row + 1;
    columns.sign[row] = tree.sign;
    columns.n_voxels[row] = extent;
    columns.volume_mm3[row] = extent * grid.voxelVolume;
    columns.peak_value[row] = tree.sign * tree.height[tree.peak[cut.lead[at]]];
    columns.mean_value[row] = tree.sign * mass / extent;
    columns.mass[row] = mass;
    columns.n_peaks[row] = cut.nPeaks[at];
    [columns.peak_i[row], columns.peak_j[row], columns.peak_k[row]] = [i, j, k];
    for (let w = 0; w < 3; w++) {
      const axis = "xyz"[w];
      const steps = grid.steps[w];
      columns[`peak_${axis}`][row] = peak[w];
      columns[`centroid_${axis}`][row] = corner[w] + (sums.awayX[at] / extent * steps[0]
        + sums.awayY[at] / extent * steps[1] + sums.awayZ[at] / extent * steps[2]);
      columns[`cog_${axis}`][row] = corner[w] + (sums.pullX[at] / mass * steps[0]
        + sums.pullY[at] / mass * steps[1] + sums.pullZ[at] / mass * steps[2]);
    }
  }
  return n;
}

// Positions count from each region's first voxel: sums stay small.
function sumsOfRegions(cut, labels, first) {
  const {tree, number, n, nRegions} = cut;
  const {scratch: island, rank, height, index, x, y, z} = tree;
  const room = () => new Float64Array(nRegions);
  const sums = {
    x: new Int16Array(nRegions), y: new Int16Array(nRegions), z: new Int16Array(nRegions),
    awayX: room(), awayY: room(), awayZ: room(), mass: room(),
    pullX: room(), pullY: room(), pullZ: room(),
  };
  const {awayX, awayY, awayZ, pullX, pullY, pullZ, mass, x: startX, y: startY, z: startZ} = sums;
  const seen = new Uint8Array(nRegions);
  for (let at = 0; at < rank.length; at++) {
    const r = rank[at];
    if (r >= n) continue;
    const region = number[island[r]] - 1;
    if (region < 0) continue;
    labels[index[at]] = first + region + 1;
    if (!seen[region]) {
      seen[region] = 1;
      startX[region] = x[at];
      startY[region] = y[at];
      startZ[region] = z[at];
    }
    const weight = height[r];
    const dx = x[at] - startX[region];
    const dy = y[at] - startY[region];
    const dz = z[at] - startZ[region];
    mass[region] += weight;
    awayX[region] += dx;
    awayY[region] += dy;
    awayZ[region] += dz;
    pullX[region] += weight * dx;
    pullY[region] += weight * dy;
    pullZ[region] += weight * dz;
  }
  return sums;
}

const COUNTED = ["region", "n_voxels", "peak_i", "peak_j", "peak_k", "n_peaks"];
const MEASURED = [
  "volume_mm3", "peak_x", "peak_y", "peak_z", "peak_value", "mean_value", "mass",
  "centroid_x", "centroid_y", "centroid_z", "cog_x", "cog_y", "cog_z",
];

export function emptyColumns(n) {
  const columns = {sign: new Int8Array(n)};
  for (const name of COUNTED) columns[name] = new Int32Array(n);
  for (const name of MEASURED) columns[name] = new Float64Array(n);
  return columns;
}
