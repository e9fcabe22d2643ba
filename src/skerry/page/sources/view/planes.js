// Planes of world millimetres through a grid of voxels: what is where in a picture.

// In-plane axes of the slice across world axis 0 (x), 1 (y) and 2 (z): across, and up.
export const PLANES = [
  {axis: 0, name: "Sagittal", across: 1, up: 2, letters: ["P", "A", "I", "S"]},
  {axis: 1, name: "Coronal", across: 0, up: 2, letters: ["L", "R", "I", "S"]},
  {axis: 2, name: "Axial", across: 0, up: 1, letters: ["L", "R", "P", "A"]},
];
export const WORLD_AXES = ["x", "y", "z"];

export function inverseAffine(m) {
  const [[a, b, c, x], [d, e, f, y], [g, h, i, z]] = m;
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const r = [
    [(e * i - f * h) / det, (c * h - b * i) / det, (b * f - c * e) / det],
    [(f * g - d * i) / det, (a * i - c * g) / det, (c * d - a * f) / det],
    [(d * h - e * g) / det, (b * g - a * h) / det, (a * e - b * d) / det],
  ];
  return r.map((row) => [...row, -(row[0] * x + row[1] * y + row[2] * z)]);
}

export function throughAffine(m, p) {
  return [0, 1, 2].map((r) => m[r][0] * p[0] + m[r][1] * p[1] + m[r][2] * p[2] + m[r][3]);
}

// A grid as planes see it: for each world axis the voxel axis along it, if there is one.
export function surveyed(shape, affine) {
  const spacing = [0, 1, 2].map((c) => Math.hypot(affine[0][c], affine[1][c], affine[2][c]));
  const along = [0, 1, 2].map((row) => {
    const hits = [0, 1, 2].filter((c) => Math.abs(affine[row][c]) > 1e-4 * spacing[c]);
    return hits.length === 1 ? hits[0] : -1;
  });
  return {
    shape, affine, inverse: inverseAffine(affine), spacing, along,
    aligned: !along.includes(-1) && new Set(along).size === 3,
    box: worldBox(shape, affine, [[0, shape[0] - 1], [0, shape[1] - 1], [0, shape[2] - 1]]),
  };
}

// Corners in mm of a block of voxels, whose outermost ones reach half a voxel further.
export function worldBox(shape, affine, ranges) {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    const ijk = ranges.map(([first, last], axis) => ((corner >> axis) & 1 ? last + 0.5 : first - 0.5));
    throughAffine(affine, ijk).forEach((mm, axis) => {
      low[axis] = Math.min(low[axis], mm);
      high[axis] = Math.max(high[axis], mm);
    });
  }
  return {low, high};
}

// Pixels of a picture across `plane`: one for each voxel where axes agree, so that a voxel is a
// square centred on its centre; where the grid is oblique, `step` mm apart, half a voxel unless given.
export function pixelGrid(grid, plane, step = Math.min(...grid.spacing) / 2) {
  const line = (axis) => {
    const low = grid.box.low[axis];
    const range = grid.box.high[axis] - low;
    const size = grid.aligned ? grid.spacing[grid.along[axis]] : step;
    const count = Math.max(1, Math.round(range / size));
    return {first: low + size / 2, step: size, count};
  };
  const across = line(plane.across);
  const up = line(plane.up);
  return {
    width: across.count, height: up.count,
    left: across.first - across.step / 2, bottom: up.first - up.step / 2,
    mmWide: across.count * across.step, mmHigh: up.count * up.step,
    across, up,
  };
}

// The voxel under each pixel of the slice at `position` mm, -1 outside; top row first.
export function voxelsInPlane(grid, plane, pixels, position, out) {
  const {inverse: m, shape} = grid;
  const {width, height, across, up} = pixels;
  const step = [0, 1, 2].map((r) => m[r][plane.across] * across.step);
  const [ni, nj, nk] = shape;
  for (let row = 0; row < height; row++) {
    const world = [0, 0, 0];
    world[plane.axis] = position;
    world[plane.across] = across.first;
    world[plane.up] = up.first + (height - 1 - row) * up.step;
    const start = throughAffine(m, world);
    for (let column = 0, at = row * width; column < width; column++, at++) {
      const i = Math.floor(start[0] + column * step[0] + 0.5);
      const j = Math.floor(start[1] + column * step[1] + 0.5);
      const k = Math.floor(start[2] + column * step[2] + 0.5);
      const inside = i >= 0 && j >= 0 && k >= 0 && i < ni && j < nj && k < nk;
      out[at] = inside ? i + ni * (j + nj * k) : -1;
    }
  }
}

// Values of a uint8 grid in a plane, by trilinear interpolation; 0 outside.
export function greysInPlane(grid, values, plane, pixels, position, out) {
  const {inverse: m, shape} = grid;
  const {width, height, across, up} = pixels;
  const step = [0, 1, 2].map((r) => m[r][plane.across] * across.step);
  const [ni, nj, nk] = shape;
  const nij = ni * nj;
  for (let row = 0; row < height; row++) {
    const world = [0, 0, 0];
    world[plane.axis] = position;
    world[plane.across] = across.first;
    world[plane.up] = up.first + (height - 1 - row) * up.step;
    const start = throughAffine(m, world);
    for (let column = 0, at = row * width; column < width; column++, at++) {
      const x = start[0] + column * step[0];
      const y = start[1] + column * step[1];
      const z = start[2] + column * step[2];
      if (!(x > -0.5 && y > -0.5 && z > -0.5 && x < ni - 0.5 && y < nj - 0.5 && z < nk - 0.5)) {
        out[at] = 0;
        continue;
      }
      const i = Math.min(Math.max(Math.floor(x + 1e-6), 0), ni - 1);
      const j = Math.min(Math.max(Math.floor(y + 1e-6), 0), nj - 1);
      const k = Math.min(Math.max(Math.floor(z + 1e-6), 0), nk - 1);
      const di = i < ni - 1 ? 1 : 0;
      const dj = j < nj - 1 ? ni : 0;
      const dk = k < nk - 1 ? nij : 0;
      const fx = Math.max(0, x - i);
      const fy = Math.max(0, y - j);
      const fz = Math.max(0, z - k);
      const a = i + ni * j + nij * k;
      const near = (values[a] * (1 - fx) + values[a + di] * fx) * (1 - fy)
        + (values[a + dj] * (1 - fx) + values[a + dj + di] * fx) * fy;
      const b = a + dk;
      const far = (values[b] * (1 - fx) + values[b + di] * fx) * (1 - fy)
        + (values[b + dj] * (1 - fx) + values[b + dj + di] * fx) * fy;
      out[at] = near * (1 - fz) + far * fz;
    }
  }
}
