// Flat tops: connected voxels of one height are one peak, or the shoulder of a higher one.

import {turned} from "./grid.js";

// `basin` gives the summit of each rank and `summit` the rank of each summit. Both are
// brought to one summit a flat top, which the voxel nearest to its mean position stands for.
export function uniteFlatTops(voxels, near, grid, basin, summit) {
  const flat = flatRanks(voxels.height, basin, summit);
  if (!flat.length) return {leaf: basin, peak: summit};
  const target = targets(voxels, near, flat, basin, summit);
  const stands = standing(voxels, grid, flat, basin, summit, target);
  const kept = [];
  for (let top = 0; top < summit.length; top++) if (target[top] === top) kept.push(top);
  // Equal heights are ranked by x, y, z, so that ranks order the leaves.
  kept.sort((a, b) => stands[a] - stands[b]);
  const number = new Int32Array(summit.length);
  const peak = new Int32Array(kept.length);
  kept.forEach((top, leaf) => {
    number[top] = leaf;
    peak[leaf] = stands[top];
  });
  const leaf = new Int32Array(basin.length);
  for (let r = 0; r < leaf.length; r++) leaf[r] = number[target[basin[r]]];
  return {leaf, peak};
}

// Ranks that share their height with another one and are as high as their summit.
function flatRanks(height, basin, summit) {
  const flat = [];
  for (let r = 0; r < height.length; r++) {
    const tiedBefore = r > 0 && height[r] === height[r - 1];
    const tied = tiedBefore || (r + 1 < height.length && height[r] === height[r + 1]);
    if (tied && height[summit[basin[r]]] === height[r]) flat.push(r);
  }
  return flat;
}

function targets({height, layout: {box, place}}, near, flat, basin, summit) {
  const target = Int32Array.from(summit, (_, top) => top);
  const above = new Int32Array(summit.length).fill(-1);
  const rootOf = (top) => {
    while (target[top] !== top) {
      target[top] = target[target[top]];
      top = target[top];
    }
    return top;
  };
  for (const pass of ["same height", "a higher summit"]) {
    for (const r of flat) {
      const level = height[r];
      for (const step of near) {
        const other = box[place[r] + step];
        if (other >= height.length || height[other] !== level) continue;
        const top = basin[other];
        const isFlat = height[summit[top]] === level;
        const own = rootOf(basin[r]);
        if (pass === "same height" && isFlat) {
          const beside = rootOf(top);
          target[Math.max(own, beside)] = Math.min(own, beside);
        } else if (pass !== "same height" && !isFlat && (above[own] < 0 || top < above[own])) {
          above[own] = top;
        }
      }
    }
  }
  // Summits count by falling height, so that a target is final when it is read.
  for (let top = 0; top < target.length; top++) {
    if (target[top] !== top) target[top] = target[target[top]];
    else if (above[top] >= 0) target[top] = target[above[top]];
  }
  return target;
}

// The rank that stands for each top: on a flat one, the voxel nearest to the mean position.
function standing(voxels, grid, flat, basin, summit, target) {
  const {height, index} = voxels;
  const stands = Int32Array.from(summit);
  const groups = new Map();
  for (const r of flat) {
    const top = target[basin[r]];
    if (height[summit[top]] !== height[r]) continue; // a shoulder of a higher peak
    if (!groups.has(top)) groups.set(top, []);
    groups.get(top).push(r);
  }
  for (const [top, ranks] of groups) {
    if (ranks.length === 1) stands[top] = ranks[0];
    else stands[top] = nearestToMean(ranks, index, grid);
  }
  return stands;
}

// Sums of whole numbers, and squared distances that differ by a millionth are equal, so that
// no rounding decides.
function nearestToMean(ranks, index, grid) {
  const positions = ranks.map((r) => grid.position(index[r]));
  const total = [0, 1, 2].map((w) => positions.reduce((sum, position) => sum + position[w], 0));
  const distances = positions.map((position) => {
    const away = position.map((along, w) => ranks.length * along - total[w]);
    const [a, b, c] = grid.basis.map((row) => turned(row, away[0], away[1], away[2]));
    return a * a + b * b + c * c;
  });
  const least = distances.reduce((lowest, distance) => Math.min(lowest, distance), Infinity);
  // Those of lower x, y, z come first.
  return ranks[distances.findIndex((distance) => distance <= least * (1 + 1e-6))];
}
