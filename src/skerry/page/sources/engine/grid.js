// Where voxels are: stored indices (i fastest), positions along x, y, z, and millimetres.

export class VoxelGrid {
  constructor(facts) {
    this.shape = facts.shape;
    this.affine = facts.affine;
    this.inverse = facts.inverse;
    this.voxelVolume = facts.voxel_volume_mm3;
    this.nVoxels = facts.shape[0] * facts.shape[1] * facts.shape[2];
    this.sortedInSpace = facts.sorted_in_space;
    this.steps = facts.steps_mm;
    this.basis = facts.basis;
    this.origin = facts.origin_mm;
    const strides = [1, facts.shape[0], facts.shape[0] * facts.shape[1]];
    // Along x, y and z: number of voxels, and the step of the stored index to the next one.
    this.count = facts.axes.map((axis) => facts.shape[axis]);
    this.stride = facts.axes.map((axis, w) => (facts.flipped[w] ? -1 : 1) * strides[axis]);
    this.start = facts.axes.reduce(
      (sum, axis, w) => sum + (facts.flipped[w] ? (facts.shape[axis] - 1) * strides[axis] : 0), 0);
  }

  index(i, j, k) {
    return i + this.shape[0] * (j + this.shape[1] * k);
  }

  ijk(index) {
    const [nI, nJ] = this.shape;
    const row = Math.floor(index / nI);
    return [index - row * nI, row % nJ, Math.floor(row / nJ)];
  }

  toWorld(ijk) {
    return transformed(this.affine, ijk);
  }

  toVoxel(xyz) {
    return transformed(this.inverse, xyz);
  }

  // mm of positions along the axes, term by term, as the tables compute it.
  xyzOfPosition(x, y, z) {
    return this.steps.map((row, w) => turned(row, x, y, z) + this.origin[w]);
  }
}

export function turned(row, x, y, z) {
  return x * row[0] + y * row[1] + z * row[2];
}

function transformed(matrix, point) {
  return [0, 1, 2].map((w) => turned(matrix[w], point[0], point[1], point[2]) + matrix[w][3]);
}
