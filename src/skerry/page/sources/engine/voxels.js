// The voxels of one sign, listed by rising x, then y, then z of their positions.

import {fallingOrder} from "./sort.js";

// Headers hold float32, which rounds at 1e-5 mm: closer coordinates are equal.
const RESOLUTION_MM = 1e-3;
const REACH = {6: 1, 18: 2, 26: 3};

export function voxelsOfSign(values, grid, sign) {
  const listed = listedVoxels(values, grid, sign);
  const order = fallingOrder(listed.height, grid.sortedInSpace ? null : tieKeys(listed, grid));
  const n = order.length;
  const rank = new Int32Array(n);
  const height = new listed.height.constructor(n);
  for (let r = 0; r < n; r++) {
    rank[order[r]] = r;
    height[r] = listed.height[order[r]];
  }
  return {sign, n, index: listed.index, x: listed.x, y: listed.y, z: listed.z, order, rank, height};
}

function listedVoxels(values, grid, sign) {
  const [nX, nY, nZ] = grid.count;
  const [stepX, stepY, stepZ] = grid.stride;
  let n = 0;
  for (let at = 0; at < values.length; at++) n += sign > 0 ? values[at] > 0 : values[at] < 0;
  const found = {
    index: new Int32Array(n), height: new values.constructor(n),
    x: new Int16Array(n), y: new Int16Array(n), z: new Int16Array(n),
  };
  let at = 0;
  for (let x = 0; x < nX && at < n; x++) {
    for (let y = 0; y < nY; y++) {
      let index = grid.start + x * stepX + y * stepY;
      for (let z = 0; z < nZ; z++, index += stepZ) {
        const height = sign * values[index];
        if (height > 0) {
          found.index[at] = index;
          found.height[at] = height;
          found.x[at] = x;
          found.y[at] = y;
          found.z[at++] = z;
        }
      }
    }
  }
  return found;
}

// x, y and z as whole numbers that compare as the millimetres do.
function tieKeys(listed, grid) {
  const keys = [0, 1, 2].map(() => new Int32Array(listed.index.length));
  for (let at = 0; at < listed.index.length; at++) {
    const xyz = grid.xyzOfPosition(listed.x[at], listed.y[at], listed.z[at]);
    for (let w = 0; w < 3; w++) keys[w][at] = roundedToEven(xyz[w] / RESOLUTION_MM);
  }
  return keys;
}

function roundedToEven(number) {
  const below = Math.floor(number);
  const rest = number - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
}

// Ranks in a box with a border of one voxel, where neighbours are the same steps from everywhere.
export function laidOut(voxels, connectivity) {
  const {n, order, x, y, z} = voxels;
  const [lowX, highX] = extremes(x);
  const [lowY, highY] = extremes(y);
  const [lowZ, highZ] = extremes(z);
  const nZ = highZ - lowZ + 3;
  const plane = (highY - lowY + 3) * nZ;
  const box = new Int32Array((highX - lowX + 3) * plane).fill(n);
  const place = new Int32Array(n);
  for (let r = 0; r < n; r++) {
    const at = order[r];
    place[r] = (x[at] - lowX + 1) * plane + (y[at] - lowY + 1) * nZ + (z[at] - lowZ + 1);
    box[place[r]] = r;
  }
  const steps = [];
  for (let a = -1; a <= 1; a++) {
    for (let b = -1; b <= 1; b++) {
      for (let c = -1; c <= 1; c++) {
        const far = Math.abs(a) + Math.abs(b) + Math.abs(c);
        if (far > 0 && far <= REACH[connectivity]) steps.push(a * plane + b * nZ + c);
      }
    }
  }
  return {box, place, steps: Int32Array.from(steps)};
}

function extremes(numbers) {
  let low = numbers.length ? numbers[0] : 0;
  let high = low;
  for (const number of numbers) {
    if (number < low) low = number;
    if (number > high) high = number;
  }
  return [low, high];
}
