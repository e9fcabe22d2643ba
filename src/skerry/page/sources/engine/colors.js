// A colour for every peak: a region has that of its highest one, whatever the threshold.

import {prominenceOf} from "./cut.js";
import {SIGNS} from "./forest.js";

// Okabe and Ito's colours for all kinds of colour vision, as in the figures; then darker and
// lighter ones, for the regions of the figures only.
const DISTINCT = ["#d55e00", "#0072b2", "#009e73", "#e69f00", "#cc79a7", "#56b4e9", "#f0e442"];
const N_DISTINCT = DISTINCT.length;
export const PALETTE = [...DISTINCT, ...mixed(0.55, 0), ...mixed(0.5, 0.5)];
// Peaks further apart are no neighbours.
const NEAR_MM = 24;
// Lesser peaks, of which noise has very many, look at none but the region that they join.
const MOST_COMPARED = 4000;

function mixed(share, white) {
  return DISTINCT.map((color) => "#" + [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255 * share + white;
    return Math.round(part * 255).toString(16).padStart(2, "0");
  }).join(""));
}

// Colours of the regions of the figures, which have them by their number; of more regions than that,
// the one that no neighbour has, or whose bearer is farthest. By sign and leaf.
export function colorLeads(cuts, grid) {
  const near = new Neighbourhood();
  const colors = new Map(SIGNS.map((sign) => [sign, {}]));
  for (const {tree, lead, first} of cuts) {
    lead.forEach((leaf, at) => {
      const number = first + at;
      const xyz = grid.toWorld(grid.ijk(tree.index[tree.peak[leaf]]));
      const color = number < PALETTE.length ? number : near.freestUpTo(number, xyz, -1);
      colors.get(tree.sign)[leaf] = color;
      if (number < MOST_COMPARED) near.add(xyz, color % N_DISTINCT, weightOf(number));
    });
  }
  return colors;
}

// `leads`: colours of the regions of the figures. The other peaks, the most prominent first, take a
// colour that no neighbour has, or the one whose bearer is farthest; never that of the region that
// they join.
export function colorLeaves(trees, grid, leads) {
  const both = SIGNS.map((sign) => trees.get(sign));
  const leaves = both.flatMap((tree) => Array.from(tree.peak, (_, leaf) => leafFacts(tree, leaf, grid)));
  const colors = new Map(both.map(({sign, peak}) => {
    return [sign, Int32Array.from(peak, (_, leaf) => leads.get(sign)[leaf] ?? -1)];
  }));
  const near = new Neighbourhood();
  leaves.sort((a, b) => b.prominence - a.prominence || b.sign - a.sign || a.leaf - b.leaf);
  leaves.forEach((one, place) => {
    const color = colors.get(one.sign)[one.leaf];
    if (color >= 0 && place < MOST_COMPARED) {
      near.add(one.xyz, color % N_DISTINCT, weightOf(place));
    }
  });
  leaves.forEach((one, place) => {
    const mine = colors.get(one.sign);
    if (mine[one.leaf] >= 0) return;
    const avoided = one.elder === one.leaf ? -1 : mine[one.elder] % N_DISTINCT;
    mine[one.leaf] = near.freestUpTo(place, one.xyz, avoided);
    if (place < MOST_COMPARED) near.add(one.xyz, mine[one.leaf], weightOf(place));
  });
  return colors;
}

function weightOf(place) {
  return 1 / (1 + place);
}

function leafFacts(tree, leaf, grid) {
  const joins = tree.saddle[leaf] < tree.n;
  return {
    sign: tree.sign,
    leaf,
    elder: tree.elder[leaf],
    prominence: joins ? prominenceOf(tree, leaf) : tree.height[tree.peak[leaf]],
    xyz: grid.toWorld(grid.ijk(tree.index[tree.peak[leaf]])),
  };
}

// Coloured points, by the cell of space that they lie in.
class Neighbourhood {
  constructor() {
    this.cells = new Map();
    this.used = new Float64Array(N_DISTINCT); // prominent peaks weigh more
  }

  add(xyz, color, weight) {
    this.used[color] += weight;
    const [a, b, c] = xyz.map((mm) => Math.floor(mm / NEAR_MM));
    const key = cellKey(a, b, c);
    if (!this.cells.has(key)) this.cells.set(key, []);
    this.cells.get(key).push([...xyz, color]);
  }

  // The one of a point that is one of many: of those that count little, just not the avoided one.
  freestUpTo(place, xyz, avoided) {
    if (place < MOST_COMPARED) return this.freest(xyz, avoided);
    return (place + (place % N_DISTINCT === avoided ? 1 : 0)) % N_DISTINCT;
  }

  // The colour whose nearest bearer is farthest; of several, the one least used.
  freest(xyz, avoided) {
    const nearest = new Float64Array(N_DISTINCT).fill(NEAR_MM * NEAR_MM);
    const [a, b, c] = xyz.map((mm) => Math.floor(mm / NEAR_MM));
    for (let step = 0; step < 27; step++) {
      const beside = [a + step % 3 - 1, b + Math.floor(step / 3) % 3 - 1, c + Math.floor(step / 9) - 1];
      const points = this.cells.get(cellKey(beside[0], beside[1], beside[2]));
      if (!points) continue;
      for (const [x, y, z, color] of points) {
        const away = (x - xyz[0]) ** 2 + (y - xyz[1]) ** 2 + (z - xyz[2]) ** 2;
        if (away < nearest[color]) nearest[color] = away;
      }
    }
    if (avoided >= 0) nearest[avoided] = -1;
    let best = 0;
    for (let color = 1; color < N_DISTINCT; color++) {
      const further = nearest[color] - nearest[best];
      if (further > 0 || (further === 0 && this.used[color] < this.used[best])) best = color;
    }
    return best;
  }
}

function cellKey(a, b, c) {
  return (a * 65536 + b) * 65536 + c;
}
