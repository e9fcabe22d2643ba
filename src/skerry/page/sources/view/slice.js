// One slice: the background, the regions or values over it, their outlines, the crosshair.

import {setAttribute} from "./dom.js";
import {mmText} from "./numbers.js";
import {labelOutlines} from "./outlines.js";
import {drawPlaced, Picture} from "./picture.js";
import {greysInPlane, pixelGrid, voxelsInPlane, WORLD_AXES} from "./planes.js";

const FILL = 0.78;
const KEYS = "Arrow keys move the crosshair, Page Up and Page Down change the slice, Enter selects the region.";

export class Slice extends Picture {
  constructor(plane, scene) {
    super(plane, scene, `${plane.name} slice`);
    this.canvas.id = `slice-${plane.name.toLowerCase()}`;
    const count = this.pixels.width * this.pixels.height;
    this.voxels = new Int32Array(count).fill(-1);
    this.labels = new Int32Array(count);
    this.position = NaN;
    if (scene.under) {
      this.greyPixels = pixelGrid(scene.under, plane);
      this.greys = new Float32Array(this.greyPixels.width * this.greyPixels.height);
    }
  }

  draw(state, result, looks) {
    const position = state.at[this.plane.axis];
    if (position !== this.position) {
      voxelsInPlane(this.scene.grid, this.plane, this.pixels, position, this.voxels);
      this.position = position;
      this.stale = true;
    }
    if (this.stale) {
      this.drawUnder();
      setAttribute(this.canvas, "aria-label", `${this.plane.name} slice at ${WORLD_AXES[this.plane.axis]} = ${mmText(position)} mm. ${KEYS}`);
    }
    this.stale = false;
    const pen = this.begin();
    this.readLabels(result.labels);
    this.paint(state, result, looks);
    pen.globalAlpha = looks.opacity;
    this.drawSmall(pen, looks.smooth);
    pen.globalAlpha = 1;
    this.drawOutlines(pen, state, result, looks);
    if (looks.cross) this.drawCross(pen, state.at);
    this.drawLetters(pen, position);
  }

  readLabels(all) {
    const {labels, voxels} = this;
    for (let at = 0; at < voxels.length; at++) labels[at] = voxels[at] < 0 ? 0 : all[voxels[at]];
  }

  paint(state, result, looks) {
    const {labels, voxels, words} = this;
    const {values} = this.scene.engine;
    words.fill(0);
    if (looks.strict !== null || state.faint) this.paintValues(state, looks);
    if (looks.strict !== null || state.paint === "outlines") return;
    const {step} = this.scene.ramp;
    const byValue = state.paint === "values";
    for (let at = 0; at < labels.length; at++) {
      const label = labels[at];
      if (!label) continue;
      words[at] = byValue ? looks.rampPixels[step(values[voxels[at]])] : looks.regionPixels[result.color[label - 1]];
    }
  }

  // Values below the threshold, ever fainter; or all above a limit, where the page shows a map.
  paintValues(state, looks) {
    const {labels, voxels, words} = this;
    const {values} = this.scene.engine;
    const {step} = this.scene.ramp;
    for (let at = 0; at < voxels.length; at++) {
      const value = voxels[at] < 0 ? NaN : values[voxels[at]];
      const size = Math.abs(value);
      if (looks.strict !== null) {
        if (size > looks.strict) words[at] = looks.rampPixels[step(value)];
        continue;
      }
      if (!value || labels[at]) continue;
      if (state.sign === "positive" && value < 0 || state.sign === "negative" && value > 0) continue;
      const share = Math.min(1, size / state.threshold);
      const alpha = Math.round(150 * share * share);
      words[at] = (looks.rampPixels[step(value)] & 0xffffff | alpha << 24) >>> 0;
    }
  }

  drawOutlines(pen, state, result, looks) {
    const outlined = state.paint === "outlines" && looks.strict === null;
    const marked = new Set([looks.chosen, looks.pointed].filter((label) => label > 0));
    if (!outlined && marked.size === 0) return;
    const labels = outlined ? this.labels : this.labels.map((label) => (marked.has(label) ? label : 0));
    const {width, height} = this.pixels;
    const paths = labelOutlines(labels, width, height, (x, y) => this.corner(x, y));
    pen.lineCap = "square";
    for (const [label, path] of paths) {
      const isMarked = marked.has(label);
      if (isMarked) {
        pen.strokeStyle = this.scene.colors.halo;
        pen.lineWidth = 4;
        pen.stroke(path);
      }
      pen.strokeStyle = outlined ? looks.palette[result.color[label - 1]] : this.scene.colors.cross;
      pen.lineWidth = isMarked ? 2 : 1.5;
      pen.stroke(path);
    }
  }

  drawUnder() {
    const pen = this.under.getContext("2d");
    pen.setTransform(this.dots, 0, 0, this.dots, 0, 0);
    pen.fillStyle = this.scene.colors.slice;
    pen.fillRect(0, 0, this.width, this.height);
    if (this.scene.under) this.drawGreys(pen);
    // A map shown alone (`view_img`) has beneath it what was asked for, if it be nothing.
    else if (this.scene.display.show?.controls !== false) this.drawInside(pen);
  }

  drawGreys(pen) {
    const {greyPixels: pixels, greys} = this;
    greysInPlane(this.scene.under, this.plane, pixels, this.position, greys);
    const canvas = document.createElement("canvas");
    canvas.width = pixels.width;
    canvas.height = pixels.height;
    const greyPen = canvas.getContext("2d");
    const image = greyPen.createImageData(pixels.width, pixels.height);
    const {data} = image;
    const shade = this.shades();
    for (let at = 0, byte = 0; at < greys.length; at++, byte += 4) {
      data[byte] = data[byte + 1] = data[byte + 2] = shade(greys[at]);
      data[byte + 3] = Math.min(255, greys[at] * 16);
    }
    greyPen.putImageData(image, 0, 0);
    drawPlaced(pen, canvas, this, pixels, true);
  }

  // Greys as they are, or spread between the limits that were asked for.
  shades() {
    const {background: limits} = this.scene.display;
    if (!limits) return (grey) => grey;
    const {lowest, highest} = this.scene.facts.background;
    const scale = 255 / (limits.vmax - limits.vmin || 1);
    return (grey) => (lowest + (grey / 255) * (highest - lowest) - limits.vmin) * scale;
  }

  // Without a background, the mask and the size of the map's own values.
  drawInside(pen) {
    const {values} = this.scene.engine;
    const {lowest, highest} = this.scene.facts.map;
    const most = Math.max(Math.abs(lowest), Math.abs(highest)) || 1;
    const [none, all] = this.scene.isDark ? [58, 225] : [226, 70];
    for (let at = 0; at < this.voxels.length; at++) {
      const value = this.voxels[at] < 0 ? NaN : values[this.voxels[at]];
      // The square root spreads the many small values.
      const grey = Math.round(none + (all - none) * Math.sqrt(Math.min(1, Math.abs(value) / most)));
      this.words[at] = Number.isNaN(value) ? 0 : (0xff << 24 | grey << 16 | grey << 8 | grey) >>> 0;
    }
    this.drawSmall(pen, !this.scene.grid.aligned);
  }
}

export function fillAlpha(display) {
  return display.opacity ?? FILL;
}
