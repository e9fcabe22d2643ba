// "How this was made": the input, the rules, a paragraph to paste, lines to run again.

import {actionButton, copyText} from "./downloads.js";
import {byId, element, setText} from "./dom.js";
import {groupedCount, plural, sizesText} from "./numbers.js";
import {hasSigns, rule} from "./rule.js";
import {methodsNow} from "./wording.js";

// Columns that paper has no room for.
const LESSER = /^(peak_[ijk]|mean_value|mass|centroid_.|cog_.|n_peaks)$|_(overlap|network)$/;
const NEIGHBOURS = {6: "a face", 18: "a face or an edge", 26: "a face, an edge or a corner"};

export class Made {
  constructor(facts) {
    this.facts = facts;
    this.texts = {};
    const body = byId("made-body");
    if (facts.methods) body.append(this.methods(facts.methods));
    body.append(this.list("Input", inputFacts(facts)), this.list("Rules", ruleFacts(facts)));
    if (facts.record?.statistics) body.append(this.list("Statistics", flat(facts.record.statistics)));
    const notes = facts.notes ?? facts.record?.notes ?? [];
    if (notes.length) body.append(element("div", {class: "made-part notes"}, element("h3", {}, "Notes and warnings"),
      element("ul", {}, ...notes.map((note) => element("li", {}, note)))));
    if (facts.given) body.append(givenTable(facts.given));
    if (facts.record) body.append(element("details", {class: "made-part whole record"},
      element("summary", {}, "The whole record (JSON)"), element("pre", {tabindex: 0}, JSON.stringify(facts.record, null, 2))));
  }

  methods(methods) {
    const part = element("div", {class: "made-part methods"}, element("h3", {}, "Methods, ready to paste"));
    part.append(this.text("paragraph", "p", () => this.paragraphWithWorks(methods)));
    if (methods.citations?.length) part.append(element("ol", {class: "citations"}, ...methods.citations.map(citation)));
    const lines = element("div", {class: "made-part lines"});
    if (methods.command) lines.append(element("h3", {}, "The same in a shell"), this.text("command", "pre"));
    if (methods.python) lines.append(element("h3", {}, "The same in Python"), this.text("python", "pre"));
    return element("div", {class: "made-pair"}, part, lines);
  }

  paragraphWithWorks(methods) {
    const works = (methods.citations ?? []).map(({text, doi}) => (doi && !text.includes(doi) ? `${text} https://doi.org/${doi}` : text));
    return [this.texts.paragraph.textContent, ...works].join("\n");
  }

  text(name, tag, copied = () => this.texts[name].textContent) {
    this.texts[name] = element(tag, {id: `methods-${name}`, tabindex: tag === "pre" ? 0 : null});
    const button = actionButton("Copy", `Copy the ${name === "paragraph" ? "paragraph and its references" : "lines"}`, () => copyText(copied()), "Copied");
    return element("div", {class: "copyable"}, this.texts[name], button);
  }

  list(title, rows) {
    return element("div", {class: "made-part"}, element("h3", {}, title),
      element("dl", {}, ...rows.flatMap(([term, text]) => [element("dt", {}, term), element("dd", {}, String(text))])));
  }

  show(state, result) {
    if (!this.facts.methods) return;
    for (const [name, text] of Object.entries(methodsNow(this.facts.methods, state, result))) {
      if (this.texts[name]) setText(this.texts[name], text ?? "");
    }
  }
}

function citation({text, doi}) {
  const item = element("li", {}, text);
  if (doi && !text.includes(doi)) item.append(` doi:${doi}`);
  return item;
}

function inputFacts(facts) {
  const {map, grid} = facts;
  const rows = [
    ["map", map.source ?? facts.name],
    ["sha256", map.sha256 ?? "n/a"],
    ["kind", kindText(map)],
    ["grid", `${grid.shape.join(" × ")} voxels of ${sizesText(grid.voxel_sizes_mm)}`],
    ["in the mask", plural(map.n_in_mask, "voxel", "voxels")],
    ["NaN, infinite", `${groupedCount(map.n_nan)} NaN (outside the mask), ${groupedCount(map.n_infinite)} infinite`],
    ["space", spaceText(map)],
  ];
  if (facts.background?.name) rows.push(["background", facts.background.name]);
  for (const atlas of facts.atlases) rows.push(["atlas", atlas.name]);
  return rows;
}

export function kindText({kind, df}) {
  if (!kind) return "not known: no p values";
  if (kind === "other") return "no statistic of a known kind: no p values";
  const degrees = df === null || df === undefined ? "" : `, ${[df].flat().join(" and ")} degrees of freedom`;
  return (kind === "p" ? "p, read as −log₁₀ p" : kind) + degrees;
}

function spaceText({is_mni: isMni, is_mni_because: because}) {
  const said = isMni === true ? "MNI" : isMni === false ? "not MNI: no template is drawn under it" : "not known: no template is drawn under it";
  return because ? `${said} (${because})` : said;
}

function ruleFacts(facts) {
  const {asked} = facts;
  const rows = [
    ["asked for", askedText(facts)],
    ["height used", asked.threshold === null ? "none reaches it" : rule(facts, asked.sign, String(asked.threshold))],
    ["comparison", "inclusive, in double precision"],
    ["neighbours", `${asked.connectivity}: voxels that share ${NEIGHBOURS[asked.connectivity]}`],
    ["smallest region", `${asked.min_volume_mm3} mm³ or more`],
    ...(hasSigns(facts) ? [["signs", "never joined into one region"]] : []),
    ["peaks", `more than ${asked.peak_distance_mm} mm apart, ${asked.max_peaks === null ? "all" : `at most ${asked.max_peaks}`} of a region`],
    ["skerry", facts.skerry],
  ];
  const versions = facts.record?.versions;
  if (versions) rows.push(["versions", Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ")]);
  return rows;
}

function askedText({asked, map}) {
  if (asked.sign !== "both") return `${asked.text}, ${asked.sign}`;
  return hasSigns({map}) ? `${asked.text}, both signs` : asked.text;
}

function flat(record) {
  return Object.entries(record).map(([key, value]) => [key.replaceAll("_", " "), readable(value)]);
}

// Numbers to six digits, lists and records on one line.
function readable(value) {
  if (typeof value === "number") return String(Number(value.toPrecision(6)));
  if (Array.isArray(value)) return value.map(readable).join(", ");
  if (value === null || typeof value !== "object") return String(value ?? "n/a");
  return flat(value).map(([key, text]) => `${key} ${text}`).join("; ");
}

function givenTable({why, columns, rows}) {
  const cell = (tag, text, at, attributes = {}) => element(tag, {class: LESSER.test(columns[at]) ? "lesser" : null, ...attributes}, text);
  return element("details", {class: "made-part whole", open: true}, element("summary", {}, "The regions that were given"),
    element("p", {}, why),
    element("div", {class: "given-frame", tabindex: 0}, element("table", {class: "given"},
      element("thead", {}, element("tr", {}, ...columns.map((name, at) => cell("th", name, at, {scope: "col"})))),
      element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map((text, at) => cell("td", text, at))))))));
}
