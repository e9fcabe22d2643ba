// Means, masses and centres of regions, summed over voxels by rising x, then y, then z: the same
// numbers to the last bit as those of the tables, however a file stores its axes.

export const SUMMED = [
  "mean_value", "mass", "centroid_x", "centroid_y", "centroid_z", "cog_x", "cog_y", "cog_z",
];

// The voxels of the mask in that order: `index` on the grid, positions, and values.
export function voxelsInSpace(index, inMask, grid) {
  const stored = grid.ijkOfMany(index);
  const along = grid.axes.map((axis, w) => {
    return grid.flipped[w] ? stored[axis].map((one) => grid.shape[axis] - 1 - one) : stored[axis];
  });
  let order = Int32Array.from(index, (_, at) => at);
  for (let w = 2; w >= 0; w--) order = sortedAlong(order, along[w], grid.count[w]);
  const [x, y, z] = along.map((positions) => positions.map((_, at) => positions[order[at]]));
  return {
    x, y, z,
    index: order.map((at) => index[at]),
    value: inMask.map((_, at) => inMask[order[at]]),
  };
}

function sortedAlong(order, position, size) {
  const starts = new Int32Array(size + 1);
  for (let at = 0; at < order.length; at++) starts[position[at] + 1]++;
  for (let at = 0; at < size; at++) starts[at + 1] += starts[at];
  const sorted = new Int32Array(order.length);
  for (let at = 0; at < order.length; at++) sorted[starts[position[order[at]]]++] = order[at];
  return sorted;
}

// Columns of `SUMMED` for the regions of some labels. Positions count from each region's first
// voxel, so that sums stay small.
export function summedColumns(voxels, grid, labels, n) {
  const {index, value, x, y, z} = voxels;
  const room = () => new Float64Array(n);
  const [total, mass, awayX, awayY, awayZ, pullX, pullY, pullZ] = Array.from({length: 8}, room);
  const extent = new Int32Array(n);
  const startX = new grid.Positions(n);
  const startY = new grid.Positions(n);
  const startZ = new grid.Positions(n);
  for (let at = 0; at < index.length; at++) {
    const region = labels[index[at]] - 1;
    if (region < 0) continue;
    if (!extent[region]++) {
      startX[region] = x[at];
      startY[region] = y[at];
      startZ[region] = z[at];
    }
    const weight = Math.abs(value[at]);
    const dx = x[at] - startX[region];
    const dy = y[at] - startY[region];
    const dz = z[at] - startZ[region];
    total[region] += value[at];
    mass[region] += weight;
    awayX[region] += dx;
    awayY[region] += dy;
    awayZ[region] += dz;
    pullX[region] += weight * dx;
    pullY[region] += weight * dy;
    pullZ[region] += weight * dz;
  }
  const columns = {mean_value: total.map((sum, at) => sum / extent[at]), mass};
  const corners = Array.from(startX, (_, at) => grid.xyzOfPosition(startX[at], startY[at], startZ[at]));
  const centre = ([a, b, c], size, w) => corners.map((corner, at) => {
    const [dx, dy, dz] = grid.steps[w];
    return corner[w] + (a[at] / size[at] * dx + b[at] / size[at] * dy + c[at] / size[at] * dz);
  });
  ["x", "y", "z"].forEach((axis, w) => {
    columns[`centroid_${axis}`] = Float64Array.from(centre([awayX, awayY, awayZ], extent, w));
    columns[`cog_${axis}`] = Float64Array.from(centre([pullX, pullY, pullZ], mass, w));
  });
  return columns;
}
