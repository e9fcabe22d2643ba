// The fixed words of the page, and which of its parts are shown.

import {actionButton, copyText, csvOf, saveFile} from "./downloads.js";
import {byId, setText} from "./dom.js";
import {kindText} from "./made.js";
import {plural, sizesText} from "./numbers.js";

const PARTS = {slices: "slices", glass: "glass", controls: "threshold", table: "results", curve: "curve", methods: "made"};

export function fillFrame(facts) {
  const {map, grid, display = {}} = facts;
  setText(byId("title"), facts.title || facts.name);
  const known = map.kind && map.kind !== "other";
  setText(byId("subtitle"), [
    facts.title ? map.source ?? facts.name : null,
    known ? `${kindText(map).replace(/^[^,]+/, "$& map")}` : "map of no known statistic",
    sizesText(grid.voxel_sizes_mm),
    `${plural(map.n_in_mask, "voxel", "voxels")} in the mask`,
    map.is_mni === true ? "MNI space" : `${map.is_mni === false ? "not in MNI space" : "space not known"}, ${ground(facts)}`,
  ].filter(Boolean).join(" · "));
  const isMapOnly = display.show?.controls === false;
  document.body.classList.toggle("map-only", isMapOnly);
  byId("title").hidden = isMapOnly && !display.title;
  byId("skip").hidden = isMapOnly;
  for (const [part, id] of Object.entries(PARTS)) {
    if (display.show?.[part] === false) byId(id).hidden = true;
  }
  setText(byId("colophon"), `Made with skerry ${facts.skerry}. This file holds the map itself; it loads nothing and sends nothing.`);
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("results").focus();
  });
}

function ground({background}) {
  return background ? `shown over ${background.name}` : "shown over its own values";
}

export function fillActions(view) {
  const {facts, engine} = view;
  const name = (suffix) => `${facts.name}_${suffix}`;
  const tsv = () => engine.tsv(view.result);
  const textOfTabs = "text/tab-separated-values";
  byId("actions").append(
    actionButton("Copy", "Copy the table as tab-separated text", () => copyText(tsv()), "Copied"),
    actionButton("TSV", "Save the table as tab-separated text", () => saveFile(name("regions.tsv"), [tsv()], textOfTabs), "Saved"),
    actionButton("CSV", "Save the table as comma-separated text", () => saveFile(name("regions.csv"), [csvOf(tsv())], "text/csv"), "Saved"),
    actionButton("Peaks", "Save the peaks of all regions as tab-separated text",
      () => saveFile(name("peaks.tsv"), [engine.peaksTsv(view.result)], textOfTabs), "Saved"),
    actionButton("Label image", "Save the regions as a label image (.nii.gz) on the map's grid",
      async () => saveFile(name("regions.nii.gz"), [await engine.labelsNifti(view.result)], "application/gzip"), "Saved"),
  );
}
