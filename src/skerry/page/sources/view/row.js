// One row of the table: a region, or a further peak of one.

import {cellValue, classOf, peakText, signText} from "./columns.js";
import {element, setAttribute, setText} from "./dom.js";

export class TableRow {
  constructor(specs) {
    this.specs = specs;
    this.cells = specs.map((spec, number) => emptyCell(spec, number === 0));
    this.buttons = this.cells.map((cell) => cell.querySelector("button")).filter(Boolean);
    this.node = element("tr", {}, ...this.cells);
    this.texts = [];
  }

  // Which of the table's lines it shows.
  stand(number) {
    this.node.dataset.line = number;
    this.node.setAttribute("aria-rowindex", number + 2);
  }

  // Whether Tab comes to it.
  markStop(isStop) {
    for (const button of this.buttons) button.tabIndex = isStop ? 0 : -1;
  }

  // `line`: position of a region, and its peak unless it is the highest; `shown`: result, looks, engine.
  write(line, shown) {
    const {node} = this;
    const {looks} = shown;
    const region = line.position + 1;
    const chosen = looks.chosen === region;
    const kinds = ["sub", "chosen", "pointed"].filter((kind, at) => [line.peak, chosen, looks.pointed === region][at]);
    if (node.className !== kinds.join(" ")) node.className = kinds.join(" ");
    const current = chosen && !line.peak;
    if (current !== this.current) {
      this.current = current;
      if (current) node.setAttribute("aria-current", "true");
      else node.removeAttribute("aria-current");
    }
    this.specs.forEach((spec, at) => {
      if (spec.key === "region") writeName(this.cells[at], line, shown);
      else if (spec.folds) writeFold(this.cells[at], line, shown);
      else this.writeText(at, line, shown);
    });
  }

  writeText(at, {position, peak}, {result}) {
    const spec = this.specs[at];
    const text = peak ? peakText(spec, peak) : spec.write(cellValue(result, spec, position));
    if (this.texts[at] === text) return;
    this.texts[at] = text;
    this.cells[at].textContent = text;
    if (spec.text) this.cells[at].title = text;
  }
}

function emptyCell(spec, isFirst) {
  const cell = element(isFirst ? "th" : "td", {class: classOf(spec), scope: isFirst ? "row" : null});
  if (spec.key === "region") {
    cell.append(element("button", {type: "button", class: "go"},
      element("i", {class: "swatch", "aria-hidden": "true"}), element("span")));
  }
  if (spec.folds) {
    cell.append(element("button", {type: "button", class: "fold"}, element("span"),
      element("i", {class: "arrow", "aria-hidden": "true"})));
  }
  return cell;
}

function writeName({firstChild: button}, {position, peak}, {result, looks}) {
  const [swatch, name] = button.children;
  const region = position + 1;
  setText(name, peak ? `${region}.${peak.peak}` : String(region));
  const color = looks.palette[result.color[position]];
  if (swatch.dataset.color !== color) {
    swatch.dataset.color = color;
    swatch.style.backgroundColor = color;
  }
  const what = peak ? `peak ${peak.peak} of region ${region}` : `region ${region}`;
  setAttribute(button, "aria-label", `Go to ${what}, ${signText(result.columns.sign[position])}`);
}

function writeFold({firstChild: button}, {position, peak}, {result, looks, engine}) {
  const count = peak ? 0 : result.columns.n_peaks[position];
  button.hidden = Boolean(peak);
  button.disabled = count < 2 || !engine.hasFurtherPeaks(result, position + 1);
  setText(button.firstChild, String(count));
  setAttribute(button, "aria-expanded", looks.unfolded.has(position + 1));
  setAttribute(button, "aria-label", `${count} peaks of region ${position + 1}`);
}
