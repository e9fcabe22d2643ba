// What is at the crosshair and under the cursor, in words.

import {shareText} from "./columns.js";
import {element, setText} from "./dom.js";
import {mmText, numberFrom, plural, probabilityText, valueText, volumeText} from "./numbers.js";
import {WORLD_AXES} from "./planes.js";
import {symbolOf} from "./rule.js";

// "Left Insula 20.1%" as "20.1% Left Insula": shares stand in a column, never alone on a line.
function shareFirst(text) {
  return text.replace(/^(.*) ([\d.<]+ ?%)$/, "$2\u00a0$1");
}

// A line may end after an underscore: atlases write long names with many.
function breakable(text) {
  return text.split(/(?<=_)/).flatMap((part, at) => (at ? [element("wbr"), part] : [part]));
}

// Terms with one text or several; what is the same stays.
function fillList(list, rows) {
  const key = JSON.stringify(rows);
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(...rows.flatMap(([term, ...texts]) => [
    element("dt", {}, term),
    element("dd", {}, ...texts.map((text) => element("span", {}, ...breakable(text)))),
  ]));
}

export class Inspector {
  constructor(facts, engine, update) {
    Object.assign(this, {facts, engine});
    this.fields = WORLD_AXES.map((axis) => element("input", {
      type: "text", inputmode: "decimal", id: `at-${axis}`, autocomplete: "off", "aria-label": `Crosshair ${axis}, millimetres`,
    }));
    this.fields.forEach((field, axis) => {
      const take = () => {
        const mm = numberFrom(field.value);
        if (Number.isFinite(mm)) update((state) => ({at: state.at.map((old, one) => (one === axis ? mm : old))}));
        else field.value = mmText(this.at[axis]);
      };
      field.addEventListener("change", take);
      field.addEventListener("keydown", (event) => event.key === "Enter" && take());
    });
    this.value = element("output", {class: "value", id: "at-value"});
    this.where = element("p", {class: "where", id: "at-region"});
    this.detail = element("dl", {class: "detail"});
    this.names = element("dl", {class: "detail names"});
    this.cursor = element("p", {class: "cursor quiet", id: "cursor", "aria-hidden": "true"});
    const {annotate, show} = facts.display ?? {};
    this.node = element("div", {class: "inspector"},
      element("div", {class: "place", role: "group", "aria-label": "Crosshair"},
        ...WORLD_AXES.map((axis, one) => element("label", {}, element("span", {}, axis), this.fields[one])),
        element("span", {class: "unit quiet"}, "mm")),
      this.value, this.where, this.detail, this.names, this.cursor);
    this.node.hidden = annotate === false && show?.controls === false;
  }

  voxelAt(mm) {
    const ijk = this.engine.toVoxel(mm).map((one) => Math.floor(one + 0.5));
    const inside = ijk.every((one, axis) => one >= 0 && one < this.engine.shape[axis]);
    return inside ? this.engine.index(...ijk) : -1;
  }

  valueWords(voxel) {
    const value = voxel < 0 ? NaN : this.engine.values[voxel];
    if (Number.isNaN(value)) return "outside the mask";
    return `${symbolOf(this.facts)} = ${valueText(value)}`;
  }

  show(state, result, looks) {
    this.at = state.at;
    this.fields.forEach((field, axis) => {
      if (document.activeElement !== field || field.value === "") field.value = mmText(state.at[axis]);
    });
    const voxel = this.voxelAt(state.at);
    setText(this.value, this.valueWords(voxel));
    const region = voxel < 0 ? 0 : result.labels[voxel];
    const shown = region || looks.chosen;
    this.node.style.setProperty("--region", shown ? looks.palette[result.color[shown - 1]] : "transparent");
    setText(this.where, region ? `in region ${region}` : looks.chosen ? `region ${looks.chosen} is selected` : "in no region");
    fillList(this.detail, shown ? this.factsOf(result, shown) : []);
    if (shown !== this.shown) fillList(this.names, []);
    this.shown = shown;
  }

  // Overlaps with atlases take longer than a step of the slider: they come when it rests.
  showNames(result) {
    const rows = this.facts.atlases.map(({name}, atlas) => [name, ...this.overlapTexts(result, atlas)]);
    fillList(this.names, this.shown ? rows.filter((row) => row.length > 1) : []);
  }

  factsOf(result, region) {
    const {columns} = result;
    const at = region - 1;
    const rows = [
      ["volume", `${volumeText(columns.volume_mm3[at])} mm³, ${plural(columns.n_voxels[at], "voxel", "voxels")}`],
      ["peak", `${valueText(columns.peak_value[at])} at ${WORLD_AXES.map((axis) => mmText(columns[`peak_${axis}`][at])).join(", ")}`],
    ];
    const add = (term, column, write) => {
      if (columns[column] && !Number.isNaN(columns[column][at])) rows.push([term, write(columns[column][at])]);
    };
    add("p extent", "p_cluster_fwe", (p) => `${probabilityText(p)} family-wise`);
    add("active", "tdp", (share) => `at least ${shareText(share)} of its voxels`);
    return rows;
  }

  overlapTexts(result, atlas) {
    if (!this.shown) return [];
    const text = this.engine.overlap(result, this.shown)[atlas];
    const peak = result.atlas[atlas].peak[this.shown - 1];
    return text ? [`peak: ${peak || "n/a"}`, ...text.split("; ").map(shareFirst)] : [];
  }

  point(mm, result) {
    if (!mm) return setText(this.cursor, "");
    const voxel = this.voxelAt(mm);
    const region = voxel < 0 ? 0 : result.labels[voxel];
    const parts = [`cursor ${mm.map(mmText).join(", ")}`, this.valueWords(voxel)];
    if (region) parts.push(`region ${region}`);
    return setText(this.cursor, parts.join(" · "));
  }
}
