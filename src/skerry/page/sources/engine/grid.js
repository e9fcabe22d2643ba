// Where voxels are: stored indices (i fastest), positions along x, y, z, and millimetres.

// Headers hold float32, which rounds at 1e-5 mm: closer coordinates are equal.
const RESOLUTION_MM = 1e-3;

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
    this.axes = facts.axes;
    this.flipped = facts.flipped;
    // Number of voxels along x, y and z.
    this.count = facts.axes.map((axis) => facts.shape[axis]);
    // Surfaces that are stored as volumes have an axis that 16 bits cannot count.
    this.Positions = Math.max(...facts.shape) < 2 ** 15 ? Int16Array : Int32Array;
  }

  index(i, j, k) {
    return i + this.shape[0] * (j + this.shape[1] * k);
  }

  ijk(index) {
    const [nI, nJ] = this.shape;
    const row = Math.floor(index / nI);
    return [index - row * nI, row % nJ, Math.floor(row / nJ)];
  }

  // The same of many voxels: all i, all j, all k.
  ijkOfMany(indices) {
    const [nI, nJ] = this.shape;
    const [i, j, k] = [0, 1, 2].map(() => new this.Positions(indices.length));
    for (let at = 0; at < indices.length; at++) {
      const row = indices[at] / nI | 0;
      i[at] = indices[at] - row * nI;
      k[at] = row / nJ | 0;
      j[at] = row - k[at] * nJ;
    }
    return [i, j, k];
  }

  toWorld(ijk) {
    return transformed(this.affine, ijk);
  }

  toVoxel(xyz) {
    return transformed(this.inverse, xyz);
  }

  // Whole positions along x, y and z, from the left, posterior, inferior corner.
  position(index) {
    const ijk = this.ijk(index);
    return this.axes.map((axis, w) => (this.flipped[w] ? this.shape[axis] - 1 - ijk[axis] : ijk[axis]));
  }

  // A number that rises with x, then y, then z of the position; and back.
  raster(index) {
    const [x, y, z] = this.position(index);
    return (x * this.count[1] + y) * this.count[2] + z;
  }

  indexOfRaster(raster) {
    const row = Math.floor(raster / this.count[2]);
    const x = Math.floor(row / this.count[1]);
    const at = [x, row - x * this.count[1], raster - row * this.count[2]];
    const ijk = [0, 0, 0];
    this.axes.forEach((axis, w) => {
      ijk[axis] = this.flipped[w] ? this.shape[axis] - 1 - at[w] : at[w];
    });
    return this.index(ijk[0], ijk[1], ijk[2]);
  }

  // mm of positions, term by term, as the tables compute it.
  xyzOfPosition(x, y, z) {
    return this.steps.map((row, w) => turned(row, x, y, z) + this.origin[w]);
  }

  // x, y and z as whole numbers that compare as the millimetres do.
  tieKey(index) {
    const [x, y, z] = this.position(index);
    return this.xyzOfPosition(x, y, z).map((mm) => roundedToEven(mm / RESOLUTION_MM));
  }
}

export function turned(row, x, y, z) {
  return x * row[0] + y * row[1] + z * row[2];
}

export function transformed(matrix, point) {
  return [0, 1, 2].map((w) => turned(matrix[w], point[0], point[1], point[2]) + matrix[w][3]);
}

function roundedToEven(number) {
  const below = Math.floor(number);
  const rest = number - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
}
