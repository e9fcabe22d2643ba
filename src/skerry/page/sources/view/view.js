// The page's parts, and one redraw a frame for whatever changed.

import {Choice, peakPlace} from "./choice.js";
import {drawColorbar} from "./colorbar.js";
import {Controls} from "./controls.js";
import {CurvePlot} from "./curve.js";
import {byId, setText, settled, whenIdle} from "./dom.js";
import {fallingVoxels, Glass, ShownVoxels} from "./glass.js";
import {Inspector} from "./inspector.js";
import {Layout} from "./layout.js";
import {Made} from "./made.js";
import {plural} from "./numbers.js";
import {PLANES} from "./planes.js";
import {listenToGlass, listenToSlice} from "./pointing.js";
import {pixelOf, visibleOnBlack} from "./ramps.js";
import {rule} from "./rule.js";
import {readColors} from "./scene.js";
import {fillAlpha, Slice} from "./slice.js";
import {fragmentOf, openingState, withFragment} from "./state.js";
import {emptyText, summaryText, warningText} from "./summary.js";
import {Switches} from "./switches.js";
import {RegionTable} from "./table.js";

const ORDER = [1, 0, 2]; // coronal, sagittal; below them axial: neighbours share an axis
const ROW_ORDER = [0, 1, 2];
const CURVE_POINTS = 240;
const PART_MS = 10;

export class View {
  constructor(facts, engine, scene) {
    Object.assign(this, {facts, engine, scene, display: facts.display ?? {}});
    this.isMapOnly = this.display.show?.controls === false;
    this.opening = openingState(facts, engine);
    const scheme = this.display.black_bg === undefined ? "auto" : this.display.black_bg ? "dark" : "light";
    Object.assign(this.opening, {scheme});
    this.state = withFragment(this.opening, location.hash);
    this.changed = new Set();
    this.choice = new Choice(engine);
    const {highest} = engine.heights("both");
    this.falling = fallingVoxels(engine, highest || 1);
    this.shown = new ShownVoxels(this.falling.order, engine.values);
    this.makeParts();
    this.findRegions();
    this.state.at ??= this.firstPlace();
    if (!this.isMapOnly) this.choice.choose(this.result, this.regionAt(this.state.at));
    this.listen();
    readColors(scene, this.state.scheme);
    this.makePixels();
    this.arrange();
    this.redraw(["opening"]);
  }

  makeParts() {
    const {facts, engine, scene} = this;
    const update = (change) => this.update(change);
    const draggedTo = (height) => update({threshold: this.controls.rounded(height)});
    this.controls = new Controls(facts, engine, update, () => this.reset());
    this.curve = new CurvePlot(byId("curve"), {move: draggedTo},
      (height) => rule(facts, this.state.sign, height));
    this.curve.range(this.controls.lowest, this.controls.highest);
    this.inspector = new Inspector(facts, engine, update);
    this.slices = (this.isMapOnly ? ROW_ORDER : ORDER).map((axis) => new Slice(PLANES[axis], scene));
    byId("slices").append(...this.slices.map(({node}) => node), this.inspector.node);
    const {order} = this.falling;
    this.glass = [0, 1, 2].map((axis) => new Glass(PLANES[axis], scene, order));
    byId("glass").append(...this.glass.map(({node}) => node));
    this.layout = new Layout(scene, this.slices, this.glass, this.isMapOnly);
    this.table = new RegionTable(byId("table"), facts, engine, {
      go: (region, peak) => this.goToRegion(region, peak),
      point: (region) => this.pointAt(region),
      unfold: (region) => this.unfold(region),
      sort: (spec) => this.sortBy(spec),
    });
    this.made = new Made(facts);
    this.switches = new Switches(this.state, update);
    setText(byId("given-note"), facts.given?.why ?? "");
  }

  listen() {
    const pointing = {
      at: () => this.state.at,
      place: (voxel) => this.placeOf(voxel),
      go: (at, pressed) => {
        this.update({at});
        if (pressed) this.chooseAt(at);
      },
      choose: () => this.chooseAt(this.state.at),
      point: (mm) => this.pointAtPlace(mm),
    };
    this.slices.forEach((slice) => listenToSlice(slice, pointing));
    this.glass.forEach((glass) => listenToGlass(glass, pointing));
    const resized = () => {
      if (this.layout.isStale()) this.schedule("size");
    };
    new ResizeObserver(resized).observe(byId("viewer"));
    window.addEventListener("resize", resized);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.schedule("scheme"));
    window.addEventListener("hashchange", () => {
      if (location.hash !== this.written) this.update(withFragment(this.opening, location.hash));
    });
    window.addEventListener("beforeprint", () => this.forPrint(true));
    window.addEventListener("afterprint", () => this.forPrint(false));
    this.rest = settled(() => this.atRest(), 180);
  }

  update(change) {
    const next = {...this.state, ...(typeof change === "function" ? change(this.state) : change)};
    const before = this.state;
    if (!next.at) next.at = before.at;
    this.state = next;
    const differs = (...keys) => keys.some((key) => next[key] !== before[key]);
    if (differs("threshold", "minVolume", "sign")) this.schedule("regions");
    if (differs("at")) this.schedule("place");
    if (differs("sort", "falling", "columns")) this.schedule("table");
    if (differs("side")) this.schedule("size");
    if (differs("scheme")) this.schedule("scheme");
    if (differs("paint", "faint")) this.schedule("look");
  }

  schedule(what) {
    if (this.changed.size === 0) requestAnimationFrame(() => this.redraw([...this.changed]));
    this.changed.add(what);
  }

  findRegions() {
    const {threshold, sign, minVolume} = this.state;
    this.result = this.engine.at({threshold, sign, minVolume});
    this.shown.find(this.result.labels, this.falling.nReaching(threshold));
    this.choice.pointed = 0;
  }

  redraw(changes) {
    this.changed.clear();
    this.moving = true;
    const did = new Set(changes);
    const {state} = this;
    const asks = (...kinds) => kinds.some((kind) => did.has(kind));
    if (asks("regions")) this.findRegions();
    if (asks("scheme")) {
      readColors(this.scene, this.printing ? "light" : state.scheme);
      this.makePixels();
    }
    if (asks("size", "scheme")) this.arrange();
    const looks = this.looks();
    this.slices.forEach((slice) => slice.draw(state, this.result, looks));
    this.glass.forEach((glass) => glass.draw(state, this.result, looks));
    this.inspector.show(state, this.result, looks);
    if (asks("opening", "regions", "table", "choice", "scheme")) this.table.show(state, this.result, looks);
    if (asks("bring")) this.table.bringRegion(looks.chosen);
    if (asks("opening", "regions")) this.showRegions();
    if (asks("opening", "regions", "look", "scheme", "size")) {
      drawColorbar(byId("colorbar"), this.scene, state, this.display, this.barHeight);
    }
    this.switches.show(state);
    this.rest();
  }

  showRegions() {
    const {state, result} = this;
    this.controls.show(state, result);
    this.curve.mark(state.threshold);
    this.showNote();
    setText(byId("summary"), summaryText(this.facts, state, result));
    byId("empty").hidden = result.n > 0;
    byId("table").hidden = result.n === 0;
    if (result.n === 0) setText(byId("empty"), emptyText(this.facts, state, result));
  }

  // One line above the table, always there, so that nothing moves when it warns.
  showNote() {
    const warning = warningText(this.facts, this.state, this.result);
    const note = byId("table-note");
    setText(note, warning ?? "Press a row to go to its peak, a heading to sort.");
    note.title = warning ?? "";
    note.classList.toggle("is-warning", Boolean(warning));
    note.hidden = this.result.n === 0;
  }

  looks() {
    return {
      palette: this.palette, regionPixels: this.regionPixels, solidPixels: this.solidPixels, rampPixels: this.rampPixels,
      ...this.choice.within(this.result),
      shown: this.shown,
      strict: this.display.threshold === undefined ? null : this.display.threshold ?? -1,
      smooth: this.display.smooth ?? false,
      cross: this.display.draw_cross ?? true,
      opacity: 1,
    };
  }

  makePixels() {
    const alpha = fillAlpha(this.display);
    const {palette} = this.engine;
    this.palette = this.scene.isDark ? palette.map(visibleOnBlack) : palette;
    this.regionPixels = Uint32Array.from(this.palette, (color) => pixelOf(color, alpha));
    this.solidPixels = Uint32Array.from(this.palette, (color) => pixelOf(color, 1));
    this.rampPixels = this.scene.ramp.pixels(this.display.opacity ?? 1);
  }

  arrange() {
    this.barHeight = this.layout.arrange(this.state.side, this.printing);
  }

  firstPlace() {
    if (this.result.n) return peakPlace(this.result, 1);
    const {low, high} = this.scene.box;
    return low.map((mm, axis) => (mm + high[axis]) / 2);
  }

  placeOf(voxel) {
    return this.engine.toWorld(this.engine.grid.ijk(voxel));
  }

  regionAt(mm) {
    const voxel = this.inspector.voxelAt(mm);
    return voxel < 0 ? 0 : this.result.labels[voxel];
  }

  // Chooses the region at a place, if there is one, and brings its row into sight.
  chooseAt(mm) {
    if (this.isMapOnly) return;
    const region = this.regionAt(mm);
    this.choice.choose(this.result, region);
    this.schedule("choice");
    if (region) this.schedule("bring");
  }

  goToRegion(region, peak) {
    this.choice.choose(this.result, region);
    this.update({at: peak ? [peak.x, peak.y, peak.z] : peakPlace(this.result, region)});
    this.schedule("choice");
  }

  pointAt(region) {
    if (region === this.choice.pointed || this.isMapOnly) return;
    this.choice.pointed = region;
    this.schedule("choice");
  }

  pointAtPlace(mm) {
    this.inspector.point(mm, this.result);
    this.pointAt(mm ? this.regionAt(mm) : 0);
  }

  unfold(region) {
    this.choice.unfold(this.result, region);
    this.schedule("table");
  }

  sortBy(spec) {
    const again = this.state.sort === spec.key;
    this.update({sort: spec.key, falling: again ? !this.state.falling : spec.high});
  }

  // On paper: light, as wide as a page, and every row but of endless tables.
  forPrint(printing) {
    this.printing = printing;
    const nLeftOut = this.table.forPrint(printing);
    setText(byId("paper-note"), nLeftOut ? `${plural(nLeftOut, "row", "rows")} more: the page saves all of them as TSV or CSV.` : "");
    this.redraw(["scheme"]);
  }

  reset() {
    const {threshold, minVolume, sign} = this.opening;
    this.update({threshold, minVolume, sign});
  }

  // What can wait until the slider rests.
  atRest() {
    const {state, result} = this;
    if (this.changed.size) return;
    this.moving = false;
    this.table.fill(true);
    setText(byId("announcer"), summaryText(this.facts, state, result));
    this.written = fragmentOf(state, this.opening);
    try {
      history.replaceState(null, "", this.written);
    } catch {
      // A page inside another one, as in a notebook, has no address of its own.
    }
    this.made.show(state, result);
    this.inspector.showNames(result);
    this.later();
  }

  // What takes the whole of the trees, a few ms at a time while nothing else is to be done.
  later() {
    if (this.isPreparing) return;
    this.isPreparing = true;
    whenIdle(() => {
      this.isPreparing = false;
      if (!this.engine.prepare(PART_MS)) return this.later();
      const {state, result} = this;
      this.controls.showNote(state, result, true);
      const wanted = `${state.sign}/${state.minVolume}`;
      if (wanted !== this.curveKey) {
        this.curveKey = wanted;
        whenIdle(() => this.drawCurve());
      }
      return undefined;
    });
  }

  drawCurve() {
    const {sign, minVolume} = this.state;
    const {lowest, highest} = this.controls;
    const curve = this.engine.curve({sign, minVolume}, {lowest, highest}, CURVE_POINTS);
    this.curve.show(curve);
    this.curve.describe(curve);
  }
}
