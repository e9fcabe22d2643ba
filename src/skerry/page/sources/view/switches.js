// How things are shown: colours, sides, light or dark.

import {byId, segmented} from "./dom.js";

const BOXES = {faint: "faint", columns: "more-columns"};

export class Switches {
  constructor(state, update) {
    this.setters = {
      paint: segmented(byId("paint"), "paint", [
        ["regions", "Regions"], ["outlines", "Outlines"], ["values", "Values"],
      ], (paint) => update({paint})),
      side: segmented(byId("side"), "side", [
        ["neurological", "Neurological", "The left of the brain is on the left of the picture"],
        ["radiological", "Radiological", "The left of the brain is on the right of the picture"],
      ], (side) => update({side})),
      scheme: segmented(byId("scheme"), "scheme", [
        ["auto", "Auto"], ["light", "Light"], ["dark", "Dark"],
      ], (scheme) => update({scheme})),
    };
    for (const [name, id] of Object.entries(BOXES)) {
      byId(id).addEventListener("change", (event) => update({[name]: event.target.checked}));
    }
    this.show(state);
  }

  show(state) {
    for (const [name, set] of Object.entries(this.setters)) set(state[name]);
    for (const [name, id] of Object.entries(BOXES)) byId(id).checked = state[name];
  }
}
