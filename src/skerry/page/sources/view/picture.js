// A canvas with a scale in millimetres: what slices and the glass brain have in common.

import {element} from "./dom.js";
import {mmText} from "./numbers.js";
import {WORLD_AXES, pixelGrid} from "./planes.js";

export class Picture {
  constructor(plane, scene, label, step) {
    this.plane = plane;
    this.scene = scene;
    this.pixels = pixelGrid(scene.grid, plane, step);
    this.flipped = false;
    this.scale = 1;
    this.canvas = element("canvas", {
      tabindex: 0, role: "application", "aria-roledescription": "picture", "aria-label": label,
    });
    this.node = element("figure", {class: "picture"}, this.canvas);
    this.pen = this.canvas.getContext("2d");
    const {low, high} = scene.box;
    this.mmWide = high[plane.across] - low[plane.across];
    this.mmHigh = high[plane.up] - low[plane.up];
    this.small = document.createElement("canvas");
    this.small.width = this.pixels.width;
    this.small.height = this.pixels.height;
    this.smallPen = this.small.getContext("2d");
    this.image = this.smallPen.createImageData(this.pixels.width, this.pixels.height);
    this.words = new Uint32Array(this.image.data.buffer);
    this.under = document.createElement("canvas");
  }

  // `scale` is CSS pixels per millimetre.
  resize(scale, flipped) {
    this.scale = scale;
    this.flipped = flipped && this.plane.across === 0;
    this.dots = window.devicePixelRatio || 1;
    this.width = Math.round(this.mmWide * scale);
    this.height = Math.round(this.mmHigh * scale);
    for (const canvas of [this.canvas, this.under]) {
      canvas.width = Math.round(this.width * this.dots);
      canvas.height = Math.round(this.height * this.dots);
    }
    this.canvas.style.width = `${this.width}px`;
    this.canvas.style.height = `${this.height}px`;
    this.stale = true;
  }

  // CSS pixels of a place in the plane, in mm, and back.
  place(across, up) {
    const {low, high} = this.scene.box;
    const x = (across - low[this.plane.across]) * this.scale;
    return [this.flipped ? this.width - x : x, (high[this.plane.up] - up) * this.scale];
  }

  mmAt(event) {
    const {low, high} = this.scene.box;
    const frame = this.canvas.getBoundingClientRect();
    const x = event.clientX - frame.left;
    const along = (this.flipped ? this.width - x : x) / this.scale;
    return [low[this.plane.across] + along, high[this.plane.up] - (event.clientY - frame.top) / this.scale];
  }

  // Corner (column, row) of the small picture's pixels, in CSS pixels.
  corner(column, row) {
    const {left, bottom, across, up, height} = this.pixels;
    return this.place(left + column * across.step, bottom + (height - row) * up.step);
  }

  // Paints the small picture, one pixel a voxel, in its place.
  drawSmall(pen, smooth) {
    this.smallPen.putImageData(this.image, 0, 0);
    drawPlaced(pen, this.small, this, this.pixels, smooth);
  }

  drawCross(pen, at) {
    const [x, y] = this.place(at[this.plane.across], at[this.plane.up]);
    const gap = 7;
    pen.save();
    pen.strokeStyle = this.scene.colors.hair;
    pen.globalAlpha = 0.8;
    pen.lineWidth = 1;
    pen.beginPath();
    for (const [x0, y0, x1, y1] of [
      [0, y, x - gap, y], [x + gap, y, this.width, y],
      [x, 0, x, y - gap], [x, y + gap, x, this.height],
    ]) {
      pen.moveTo(x0, y0);
      pen.lineTo(x1, y1);
    }
    pen.stroke();
    pen.restore();
  }

  drawLetters(pen, position) {
    const {colors, display} = this.scene;
    pen.font = "600 11px system-ui, sans-serif";
    pen.textBaseline = "middle";
    const text = (words, x, y, align, color) => {
      pen.textAlign = align;
      pen.strokeStyle = colors.halo;
      pen.lineWidth = 3;
      pen.lineJoin = "round";
      pen.strokeText(words, x, y);
      pen.fillStyle = color;
      pen.fillText(words, x, y);
    };
    if (display.show_lr !== false) {
      const [low, high, down, top] = this.plane.letters;
      const [first, last] = this.flipped ? [high, low] : [low, high];
      const middle = this.height / 2;
      text(first, 5, middle, "left", colors.cross);
      text(last, this.width - 5, middle, "right", colors.cross);
      text(top, this.width / 2, 8, "center", colors.cross);
      text(down, this.width / 2, this.height - 8, "center", colors.cross);
    }
    if (position !== null && display.annotate !== false) {
      text(`${WORLD_AXES[this.plane.axis]} = ${mmText(position)}`, 6, this.height - 9, "left", colors.cross);
    }
  }

  begin() {
    const {pen} = this;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.drawImage(this.under, 0, 0);
    pen.setTransform(this.dots, 0, 0, this.dots, 0, 0);
    return pen;
  }
}

// Draws a picture whose pixels stand for `pixels` of a plane where they belong.
export function drawPlaced(pen, source, picture, pixels, smooth) {
  const [x0, y0] = picture.place(pixels.left, pixels.bottom + pixels.mmHigh);
  const wide = pixels.mmWide * picture.scale;
  const high = pixels.mmHigh * picture.scale;
  pen.save();
  pen.imageSmoothingEnabled = smooth;
  pen.imageSmoothingQuality = "high";
  if (picture.flipped) {
    pen.translate(x0, y0);
    pen.scale(-1, 1);
    pen.drawImage(source, 0, 0, wide, high);
  } else {
    pen.drawImage(source, x0, y0, wide, high);
  }
  pen.restore();
}
