// Height, extent and sign: sliders, number fields and switches.

import {byId, element, segmented, setAttribute, setText} from "./dom.js";
import {groupedCount, heightText, numberFrom, onStep, probabilityText, roundStep, volumeText} from "./numbers.js";
import {hasSigns, rule} from "./rule.js";

const SLIDER_STEPS = 500;
const EXTENT_STEPS = 400;

export class Controls {
  constructor(facts, engine, update, reset) {
    Object.assign(this, {facts, engine, update});
    this.slider = byId("height-slider");
    this.field = byId("height-number");
    this.extentSlider = byId("extent-slider");
    this.extentField = byId("extent-number");
    this.setSign = segmented(byId("sign"), "sign",
      [["both", "Both signs"], ["positive", "Positive"], ["negative", "Negative"]],
      (sign) => update({sign}));
    byId("sign").hidden = !hasSigns(facts) && facts.asked.sign !== "negative";
    byId("reset").addEventListener("click", reset);
    this.setRanges();
    this.listen();
  }

  setRanges() {
    const {highest, ...heights} = this.engine.heights("both");
    // Maps that were cut off before have no low values, others one value alone.
    const lowest = Math.min(heights.lowest < highest ? heights.lowest : 0, this.facts.asked.threshold ?? Infinity);
    const step = roundStep(highest - lowest || 1, SLIDER_STEPS);
    this.step = step;
    // From a round number, a little above the noise of nothing, to just past the highest value.
    this.lowest = onStep(Math.floor(lowest / step) * step, step);
    this.highest = onStep(Math.ceil(highest / step) * step + (highest ? step : 1), step);
    Object.assign(this.slider, {min: this.lowest, max: this.highest, step: "any"});
    const {voxelVolume, values} = this.engine;
    this.writeScale();
    this.leastExtent = voxelVolume;
    this.mostExtent = Math.max(voxelVolume * 2, (this.facts.map.n_in_mask ?? values.length) * voxelVolume * 0.25);
  }

  // Round numbers below the slider, where its thumb stands for them.
  writeScale() {
    const span = this.highest - this.lowest;
    const step = roundStep(span, 7);
    const marks = [];
    for (let mark = Math.ceil(this.lowest / step - 1e-9) * step; mark <= this.highest + 1e-9 * step; mark += step) {
      const text = element("span", {}, heightText(onStep(mark, step)));
      text.style.left = `${(100 * (mark - this.lowest)) / span}%`;
      marks.push(text);
    }
    byId("height-scale").replaceChildren(...marks);
  }

  listen() {
    const {slider, field, extentSlider, extentField, update} = this;
    slider.addEventListener("input", () => update({threshold: this.rounded(Number(slider.value))}));
    slider.addEventListener("keydown", (event) => {
      const steps = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10}[event.key];
      if (!steps) return;
      event.preventDefault();
      const move = steps * this.step * (event.shiftKey ? 10 : 1);
      // From the present state, which may be ahead of what is drawn.
      update((state) => ({threshold: this.rounded(state.threshold + move)}));
    });
    commits(field, (number) => {
      if (number >= 0) update({threshold: number});
      else this.writeHeight(Number(field.dataset.exact));
    });
    extentSlider.addEventListener("input", () => {
      update({minVolume: this.extentAt(Number(extentSlider.value))});
    });
    commits(extentField, (number) => {
      if (number >= 0) update({minVolume: number});
      else extentField.value = extentField.dataset.exact;
    });
  }

  rounded(height) {
    return Math.max(0, Math.min(this.highest, Math.max(this.lowest, onStep(height, this.step))));
  }

  // 0, then by equal factors from one voxel to a quarter of the mask.
  extentAt(step) {
    if (step <= 0) return 0;
    const share = (step - 1) / (EXTENT_STEPS - 1);
    const mm3 = this.leastExtent * (this.mostExtent / this.leastExtent) ** share;
    return Number((Math.round(mm3 / this.leastExtent) * this.leastExtent).toPrecision(12));
  }

  stepOf(mm3) {
    if (mm3 < this.leastExtent) return mm3 > 0 ? 1 : 0;
    const share = Math.log(mm3 / this.leastExtent) / Math.log(this.mostExtent / this.leastExtent);
    return Math.min(EXTENT_STEPS, Math.round(1 + share * (EXTENT_STEPS - 1)));
  }

  show(state, result) {
    const {slider, extentSlider, extentField, facts} = this;
    this.writeHeight(state.threshold);
    if (Number(slider.value) !== state.threshold) slider.value = state.threshold;
    setText(byId("height-symbol"), rule(facts, state.sign, "").trim());
    setAttribute(slider, "aria-valuetext", rule(facts, state.sign, heightText(state.threshold)));
    this.showNote(state, result, false);
    if (document.activeElement !== extentField) extentField.value = String(state.minVolume);
    extentField.dataset.exact = String(state.minVolume);
    const step = this.stepOf(state.minVolume);
    extentSlider.value = step;
    extentSlider.style.setProperty("--share", String(step / EXTENT_STEPS));
    setAttribute(extentSlider, "aria-valuetext", `${volumeText(state.minVolume)} cubic millimetres`);
    this.setSign(state.sign);
    const span = this.highest - this.lowest || 1;
    slider.style.setProperty("--share", String((Math.min(Math.max(state.threshold, this.lowest), this.highest) - this.lowest) / span));
  }

  writeHeight(height) {
    this.field.dataset.exact = String(height);
    if (document.activeElement !== this.field || !this.field.dataset.typing) {
      this.field.value = heightText(height);
      this.field.style.minWidth = `calc(${this.field.value.length}ch + 18px)`;
    }
    this.field.title = String(height);
  }

  // The false discovery rate takes a look at every voxel first: it comes when the slider rests.
  showNote(state, result, atRest) {
    setText(byId("height-note"), this.note(state, result, atRest));
  }

  // Where the threshold stands among the map's values, and its p where that is known.
  note(state, result, atRest) {
    const {facts, engine} = this;
    const parts = [];
    const n = facts.map.n_in_mask;
    if (n) parts.push(`${groupedCount(result.nAbove)} of ${groupedCount(n)} voxels reach it (${percentText(result.nAbove / n)})`);
    const {certainty} = engine;
    const p = certainty?.pOf(state.sign, state.threshold) ?? NaN;
    if (!Number.isNaN(p)) {
      const sides = state.sign === "both" && hasSigns(facts) ? "two-sided" : "one-sided";
      parts.push(`p ${equals(p)} ${sides}, uncorrected`);
      const q = atRest || certainty.knowsRates(state.sign) ? certainty.qOf(state.sign, state.threshold) : NaN;
      if (!Number.isNaN(q)) parts.push(`false discovery rate ${equals(q)}`);
    }
    return parts.join(" · ");
  }
}

function percentText(share) {
  const percent = 100 * share;
  return `${percent === 0 || percent >= 0.01 ? Number(percent.toPrecision(3)) : "<0.01"} %`;
}

function equals(p) {
  const text = probabilityText(p);
  return text.startsWith("<") ? text : `= ${text}`;
}

// A number counts when the field is left or Enter is pressed; Escape takes it back.
function commits(field, accept) {
  field.addEventListener("input", () => (field.dataset.typing = "yes"));
  const finish = () => {
    if (!field.dataset.typing) return;
    delete field.dataset.typing;
    accept(numberFrom(field.value));
  };
  field.addEventListener("change", finish);
  field.addEventListener("blur", finish);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") finish();
    if (event.key === "Escape") {
      delete field.dataset.typing;
      field.value = field.dataset.exact;
    }
  });
}
