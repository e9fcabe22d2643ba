// A glass brain: the highest value along each line of sight, in the brain's outline.

import {blurred, levelLines} from "./outlines.js";
import {Picture} from "./picture.js";

export class Glass extends Picture {
  constructor(plane, scene, falling) {
    // As wide as the widest voxel, so that oblique voxels leave no gaps.
    super(plane, scene, `${plane.name} view through the whole brain`, Math.max(...scene.grid.spacing));
    this.canvas.id = `glass-${plane.name.toLowerCase()}`;
    const count = this.pixels.width * this.pixels.height;
    this.falling = falling;
    this.pixelOf = new Int32Array(falling.length);
    this.known = 0;
    this.best = new Float64Array(count);
    this.winner = new Int32Array(count);
    this.outline = null;
    this.projection = this.project();
    this.parts = this.pixelParts();
  }

  // Column and row of a voxel's pixel as sums over i, j and k: [at 0, per i, per j, per k].
  project() {
    const {across, up, height} = this.pixels;
    const {affine} = this.scene.grid;
    const sums = (row, {first, step}) => [(row[3] - first) / step, row[0] / step, row[1] / step, row[2] / step];
    const [base, ...steps] = sums(affine[this.plane.up], up);
    return {
      column: sums(affine[this.plane.across], across),
      row: [height - 1 - base, ...steps.map((step) => -step)],
    };
  }

  pixelOfVoxel(i, j, k) {
    const {width, height} = this.pixels;
    const {column: c, row: r} = this.projection;
    const column = Math.round(c[0] + c[1] * i + c[2] * j + c[3] * k);
    const row = Math.round(r[0] + r[1] * i + r[2] * j + r[3] * k);
    return Math.min(Math.max(row, 0), height - 1) * width + Math.min(Math.max(column, 0), width - 1);
  }

  // The same as a sum of three parts, one by i, one by j and one by k; null where axes do not agree.
  pixelParts() {
    const {shape, aligned} = this.scene.grid;
    if (!aligned) return null;
    const first = this.pixelOfVoxel(0, 0, 0);
    const part = (axis, least) => Int32Array.from({length: shape[axis]}, (_, at) => {
      return this.pixelOfVoxel(...[0, 1, 2].map((one) => (one === axis ? at : 0))) - least;
    });
    return [part(0, 0), part(1, first), part(2, first)];
  }

  draw(state, result, looks) {
    if (this.stale) this.drawUnder();
    this.stale = false;
    const pen = this.begin();
    this.findHighest(looks.shown);
    this.paint(state, result, looks);
    this.drawSmall(pen, false);
    if (looks.cross) this.drawCross(pen, state.at);
    this.drawLetters(pen, null);
  }

  // Keeps for each pixel the voxel of the largest size among regions; -1 for none.
  findHighest({count, places, sizes}) {
    const {falling, pixelOf, best, winner} = this;
    this.learnPixels(count ? places[count - 1] + 1 : 0);
    best.fill(-1);
    winner.fill(-1);
    for (let at = 0; at < count; at++) {
      const place = places[at];
      const pixel = pixelOf[place];
      if (sizes[at] > best[pixel]) {
        best[pixel] = sizes[at];
        winner[pixel] = falling[place];
      }
    }
  }

  // Finds the pixels of the first `count` voxels; most pages never ask for all.
  learnPixels(count) {
    const {grid} = this.scene.engine;
    const {parts} = this;
    for (; this.known < count; this.known++) {
      const [i, j, k] = grid.ijk(this.falling[this.known]);
      this.pixelOf[this.known] = parts ? parts[0][i] + parts[1][j] + parts[2][k] : this.pixelOfVoxel(i, j, k);
    }
  }

  pixelAt(mm) {
    const {across, up, width, height} = this.pixels;
    const column = Math.round((mm[this.plane.across] - across.first) / across.step);
    const row = height - 1 - Math.round((mm[this.plane.up] - up.first) / up.step);
    return Math.min(Math.max(row, 0), height - 1) * width + Math.min(Math.max(column, 0), width - 1);
  }

  paint(state, result, looks) {
    const {words, winner} = this;
    const {values} = this.scene.engine;
    const {step} = this.scene.ramp;
    const byValue = state.paint === "values" || looks.strict !== null;
    const marked = looks.pointed || looks.chosen;
    for (let at = 0; at < winner.length; at++) {
      const voxel = winner[at];
      if (voxel < 0) {
        words[at] = 0;
        continue;
      }
      const label = result.labels[voxel];
      const pixel = byValue ? looks.rampPixels[step(values[voxel])] : looks.solidPixels[result.color[label - 1]];
      const faded = looks.pointed && marked !== label;
      words[at] = faded ? (pixel & 0xffffff | 0x50000000) >>> 0 : pixel;
    }
  }

  drawUnder() {
    const pen = this.under.getContext("2d");
    pen.setTransform(this.dots, 0, 0, this.dots, 0, 0);
    pen.clearRect(0, 0, this.width, this.height);
    pen.fillStyle = this.scene.colors.panel;
    pen.fillRect(0, 0, this.width, this.height);
    const {depth, width, height, most} = this.depths();
    const place = (x, y) => this.corner(x, y);
    pen.lineJoin = "round";
    pen.strokeStyle = this.scene.colors.quiet;
    for (const [level, alpha, thickness] of [[0.06, 0.9, 1.4], [0.4, 0.3, 1], [0.7, 0.3, 1]]) {
      pen.globalAlpha = alpha;
      pen.lineWidth = thickness;
      pen.stroke(levelLines(depth, width, height, level * most, place));
    }
    pen.globalAlpha = 1;
  }

  // How many voxels of the mask lie behind each pixel.
  counts() {
    const counts = new Float32Array(this.pixels.width * this.pixels.height);
    const [i, j, k] = this.scene.places;
    if (this.parts) {
      const [a, b, c] = this.parts;
      for (let at = 0; at < i.length; at++) counts[a[i[at]] + b[j[at]] + c[k[at]]] += 1;
    } else {
      for (let at = 0; at < i.length; at++) counts[this.pixelOfVoxel(i[at], j[at], k[at])] += 1;
    }
    return counts;
  }

  // The same, smoothed.
  depths() {
    const {width, height} = this.pixels;
    if (!this.outline) {
      const counts = this.counts();
      const reach = Math.max(1, Math.round(2 / Math.min(...this.scene.grid.spacing)));
      const depth = blurred(counts, width, height, reach);
      this.outline = {depth, width, height, most: depth.reduce((a, b) => Math.max(a, b), 0)};
    }
    return this.outline;
  }
}

// Which voxels of the falling ones are in regions, by their places among them, and how large their
// values are: found once for all three views.
export class ShownVoxels {
  constructor(falling, values) {
    Object.assign(this, {falling, values, count: 0});
    this.places = new Uint32Array(falling.length);
    this.sizes = new Float64Array(falling.length);
  }

  find(labels, nReaching) {
    const {falling, values, places, sizes} = this;
    let count = 0;
    for (let place = 0; place < nReaching; place++) {
      const voxel = falling[place];
      if (!labels[voxel]) continue;
      places[count] = place;
      sizes[count++] = Math.abs(values[voxel]);
    }
    this.count = count;
  }
}

// Numbers of the voxels inside the mask that are not 0, roughly by falling size: every voxel of a
// size stands before all that are smaller by a 4096th of the range.
export function fallingVoxels({values, maskIndex}, most) {
  const bins = 4096;
  const binOf = (size) => bins - 1 - Math.min(bins - 1, Math.floor((size / most) * bins));
  const starts = new Uint32Array(bins + 1);
  for (let at = 0; at < maskIndex.length; at++) {
    const size = Math.abs(values[maskIndex[at]]);
    if (size > 0) starts[binOf(size) + 1] += 1;
  }
  for (let bin = 0; bin < bins; bin++) starts[bin + 1] += starts[bin];
  const order = new Uint32Array(starts[bins]);
  const next = starts.slice();
  for (let at = 0; at < maskIndex.length; at++) {
    const size = Math.abs(values[maskIndex[at]]);
    if (size > 0) order[next[binOf(size)]++] = maskIndex[at];
  }
  // How many of them may reach a height: all up to the end of its bin.
  const nReaching = (height) => starts[binOf(Math.min(Math.max(0, height), most)) + 1];
  return {order, nReaching};
}
