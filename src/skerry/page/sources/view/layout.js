// Lays the pictures out on the screen or on paper.

import {arrangement, pictureRoom, rowArrangement} from "./arrangement.js";
import {uprightWidth} from "./colorbar.js";
import {byId} from "./dom.js";

const PAPER = {width: 680, height: 520}; // CSS pixels
const AROUND = {page: 216, mapOnly: 96}; // px of height that other parts take
const BAR_GAP = 8; // px
const BAR_BESIDE = 480; // px: where a map alone is as wide, its colour bar stands beside it

export class Layout {
  constructor(scene, slices, glass, isMapOnly) {
    Object.assign(this, {scene, slices, glass, isMapOnly});
  }

  // Whether the window has another size than the pictures were laid out for.
  isStale() {
    return this.key !== sizeKey();
  }

  // Gives the height of a colour bar beside the slices, 0 where it lies below them.
  arrange(side, printing) {
    this.key = sizeKey();
    const viewer = byId("viewer");
    const barBeside = this.isMapOnly && this.scene.display.colorbar !== false && viewer.clientWidth >= BAR_BESIDE;
    const plan = this.plan(viewer, barBeside, printing);
    viewer.classList.toggle("beside", plan.beside);
    viewer.classList.toggle("bar-beside", barBeside);
    const flipped = side === "radiological";
    this.slices.forEach((slice) => slice.resize(plan.slices, flipped));
    this.glass.forEach((glass) => glass.resize(plan.glass, flipped));
    this.setGrid(byId("slices").style);
    return barBeside ? Math.max(...this.slices.map(({height}) => height)) : 0;
  }

  plan(viewer, barBeside, printing) {
    const {box} = this.scene;
    if (!this.isMapOnly) {
      const room = printing ? PAPER : pictureRoom(viewer, AROUND.page);
      return arrangement(room, box, !byId("glass").hidden);
    }
    const width = viewer.clientWidth - (barBeside ? uprightWidth(this.scene) + BAR_GAP : 0);
    return rowArrangement({width, height: window.innerHeight - AROUND.mapOnly}, box);
  }

  setGrid(style) {
    const {slices, isMapOnly} = this;
    const columns = slices.slice(0, isMapOnly ? 3 : 2).map(({width}) => `${width}px`);
    style.gridTemplateColumns = columns.join(" ");
    // What the inspector says never moves what is below it.
    style.gridTemplateRows = isMapOnly ? "" : `${slices[0].height}px ${slices[2].height}px`;
  }
}

function sizeKey() {
  return `${byId("viewer").clientWidth}/${window.innerHeight}/${window.devicePixelRatio}`;
}
