// How many regions there are, and how much they take up, at every threshold.

import {drawing, element, setAttribute, setText} from "./dom.js";
import {groupedCount, heightText, plural, volumeText} from "./numbers.js";

const HEIGHT = 92;
const INSET = 10; // half of the slider's thumb: its middle stands below the line
const TOP = 8;

export class CurvePlot {
  // `actions`: move(threshold); `wording(threshold)` says the rule at a threshold
  constructor(box, actions, wording) {
    Object.assign(this, {box, actions, wording, width: 0});
    this.volume = drawing("path", {class: "curve-volume"});
    this.count = drawing("path", {class: "curve-count"});
    this.marker = drawing("line", {class: "curve-marker", y1: 0, y2: HEIGHT});
    this.cursor = drawing("line", {class: "curve-cursor", y1: 0, y2: HEIGHT, visibility: "hidden"});
    // Paper is of another width than the screen, and nothing is drawn anew for it.
    this.picture = drawing("svg", {height: HEIGHT, width: "100%", preserveAspectRatio: "none",
      role: "img", "aria-label": "Number and total volume of regions against the threshold"},
      this.volume, this.count, this.cursor, this.marker);
    this.note = element("p", {class: "curve-note", "aria-hidden": "true"});
    const legend = element("p", {class: "curve-legend", "aria-hidden": "true"},
      element("i", {class: "key-count"}), "regions", element("i", {class: "key-volume"}), "volume");
    box.append(this.picture, legend, this.note);
    new ResizeObserver(() => this.redraw()).observe(box);
    this.listen();
  }

  listen() {
    let dragging = false;
    const heightAt = (event) => {
      const {left} = this.box.getBoundingClientRect();
      const share = (event.clientX - left - INSET) / (this.width - 2 * INSET);
      return this.lowest + Math.min(Math.max(share, 0), 1) * (this.highest - this.lowest);
    };
    this.box.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      dragging = true;
      this.box.setPointerCapture(event.pointerId);
      this.actions.move(heightAt(event));
    });
    this.box.addEventListener("pointermove", (event) => {
      if (dragging) this.actions.move(heightAt(event));
      this.readOut(heightAt(event));
    });
    for (const end of ["pointerup", "pointercancel"]) this.box.addEventListener(end, () => (dragging = false));
    this.box.addEventListener("pointerleave", () => this.readOut(null));
  }

  range(lowest, highest) {
    Object.assign(this, {lowest, highest});
  }

  show(curve) {
    this.curve = curve;
    this.redraw();
  }

  x(height) {
    const share = (height - this.lowest) / (this.highest - this.lowest || 1);
    return INSET + Math.min(Math.max(share, 0), 1) * (this.width - 2 * INSET);
  }

  redraw() {
    this.width = this.box.clientWidth;
    setAttribute(this.picture, "viewBox", `0 0 ${this.width} ${HEIGHT}`);
    if (this.height !== undefined) this.mark(this.height);
    if (!this.curve || !this.width) return;
    // Logarithms: a handful of regions and thousands can both be read.
    const path = (values, closed) => {
      const most = Math.log1p(Math.max(1, ...values));
      const y = (value) => HEIGHT - (Math.log1p(value) / most) * (HEIGHT - TOP);
      let text = "";
      this.curve.threshold.forEach((height, at) => {
        text += `${at ? "L" : "M"}${this.x(height).toFixed(1)} ${y(values[at]).toFixed(1)}`;
      });
      return closed ? `${text}L${this.width - INSET} ${HEIGHT}L${INSET} ${HEIGHT}Z` : text;
    };
    setAttribute(this.volume, "d", path(this.curve.volume, true));
    setAttribute(this.count, "d", path(this.curve.count, false));
  }

  mark(height) {
    this.height = height;
    const x = this.x(height).toFixed(1);
    setAttribute(this.marker, "x1", x);
    setAttribute(this.marker, "x2", x);
  }

  readOut(height) {
    this.cursor.setAttribute("visibility", height === null || !this.curve ? "hidden" : "visible");
    if (height === null || !this.curve) return setText(this.note, "");
    const {threshold, count, volume} = this.curve;
    let at = 0;
    for (let one = 1; one < threshold.length; one++) {
      if (Math.abs(threshold[one] - height) < Math.abs(threshold[at] - height)) at = one;
    }
    const x = this.x(threshold[at]);
    setAttribute(this.cursor, "x1", x);
    setAttribute(this.cursor, "x2", x);
    setText(this.note, `${this.wording(heightText(threshold[at]))}: ${plural(count[at], "region", "regions")}, ${volumeText(volume[at])} mm³`);
    return undefined;
  }

  describe(curve) {
    const most = Math.max(0, ...curve.count);
    setAttribute(this.picture, "aria-label",
      `Number and total volume of regions against the threshold: at most ${groupedCount(most)} regions, near ${heightText(curve.threshold[curve.count.indexOf(most)] ?? 0)}`);
  }
}
