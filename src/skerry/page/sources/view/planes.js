// Planes of world millimetres through a grid of voxels: what is where in a picture.

import {transformed} from "../engine/grid.js";

// In-plane axes of the slice across world axis 0 (x), 1 (y) and 2 (z): across, and up.
export const PLANES = [
  {axis: 0, name: "Sagittal", across: 1, up: 2, letters: ["P", "A", "I", "S"]},
  {axis: 1, name: "Coronal", across: 0, up: 2, letters: ["L", "R", "I", "S"]},
  {axis: 2, name: "Axial", across: 0, up: 1, letters: ["L", "R", "P", "A"]},
];
export const WORLD_AXES = ["x", "y", "z"];

// A grid as planes see it: for each world axis the voxel axis along it, if there is one.
export function surveyed({shape, affine, inverse}) {
  const spacing = [0, 1, 2].map((c) => Math.hypot(affine[0][c], affine[1][c], affine[2][c]));
  const along = [0, 1, 2].map((row) => {
    const hits = [0, 1, 2].filter((c) => Math.abs(affine[row][c]) > 1e-4 * spacing[c]);
    return hits.length === 1 ? hits[0] : -1;
  });
  return {
    shape, affine, inverse, spacing, along,
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
    transformed(affine, ijk).forEach((mm, axis) => {
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
  const [ni, nj, nk] = grid.shape;
  eachPixel(grid, plane, pixels, position, (at, x, y, z) => {
    const i = Math.floor(x + 0.5);
    const j = Math.floor(y + 0.5);
    const k = Math.floor(z + 0.5);
    const inside = i >= 0 && j >= 0 && k >= 0 && i < ni && j < nj && k < nk;
    out[at] = inside ? i + ni * (j + nj * k) : -1;
  });
}

// Values of a uint8 grid in a plane, by trilinear interpolation; 0 outside.
export function greysInPlane(grid, plane, pixels, position, out) {
  const {values, shape: [ni, nj, nk]} = grid;
  const nij = ni * nj;
  eachPixel(grid, plane, pixels, position, (at, x, y, z) => {
    if (!(x > -0.5 && y > -0.5 && z > -0.5 && x < ni - 0.5 && y < nj - 0.5 && z < nk - 0.5)) {
      out[at] = 0;
      return;
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
  });
}

// Visits the pixels of a slice, the top row first, with their places among the voxels.
function eachPixel({inverse}, plane, {width, height, across, up}, position, visit) {
  const [dx, dy, dz] = inverse.map((row) => row[plane.across] * across.step);
  for (let row = 0, at = 0; row < height; row++) {
    const world = [0, 0, 0];
    world[plane.axis] = position;
    world[plane.across] = across.first;
    world[plane.up] = up.first + (height - 1 - row) * up.step;
    const [x, y, z] = transformed(inverse, world);
    for (let column = 0; column < width; column++, at++) {
      visit(at, x + column * dx, y + column * dy, z + column * dz);
    }
  }
}
