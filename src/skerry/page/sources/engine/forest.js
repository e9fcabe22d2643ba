// The merge trees of both signs: what lies above one height at once, all of it in good time.

import {mergeTree, treeInParts} from "./tree.js";
import {voxelsReaching} from "./voxels.js";

export const SIGNS = [1, -1];

export class Forest {
  constructor(index, inMask, grid, connectivity) {
    this.given = [index, inMask, grid, connectivity];
    this.whole = new Map();
    this.growing = this.growth();
    this.isWhole = false;
  }

  // The whole tree of a sign.
  get(sign) {
    if (!this.isWhole) this.grow(Infinity);
    return this.whole.get(sign);
  }

  // Works for about so many ms, if there is something left to do. Parts are never cut short.
  grow(atMost) {
    const end = performance.now() + atMost;
    while (!this.isWhole && performance.now() < end) this.isWhole = this.growing.next().done;
  }

  * growth() {
    for (const sign of SIGNS) {
      const [index, inMask, grid, connectivity] = this.given;
      this.whole.set(sign, yield* treeInParts(index, inMask, grid, connectivity, sign));
    }
  }

  // Trees of the voxels that reach a height. They count ranks and leaves as the whole ones do, of
  // which they are the first part; only what joins below the height has not met.
  above(height) {
    const [index, inMask, grid, connectivity] = this.given;
    if (this.isWhole) return this;
    const {places, values} = voxelsReaching(index, inMask, height);
    // Of most voxels, the whole takes hardly longer, and it is needed anyway.
    if (places.length > inMask.length / 2) return this;
    return new Map(SIGNS.map((sign) => [sign, mergeTree(places, values, grid, connectivity, sign)]));
  }
}
