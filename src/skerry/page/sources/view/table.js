// The table of regions. Only rows near the visible part exist while the slider moves, so that
// thousands of regions cost no more than a screenful; all of them do when it rests and they are few.

import {classOf, letters, regionColumns, sortedPositions} from "./columns.js";
import {element, setAttribute} from "./dom.js";
import {TableRow} from "./row.js";

const ROW_HEIGHT = 30;
const SPARE_ROWS = 3;
const ALL_AT_REST = 400;
const MOST_ON_PAPER = 1000;

export class RegionTable {
  // `actions`: go(region), point(region or 0), unfold(region), sort(key)
  constructor(frame, facts, engine, actions) {
    Object.assign(this, {frame, facts, engine, actions});
    this.rows = new Map(); // those that exist, by their lines
    this.spare = [];
    this.lines = [];
    this.stop = 0; // the line that Tab comes to: one for the whole table
    this.table = element("table", {class: "regions"},
      element("caption", {class: "unseen"}, "Regions above the threshold"));
    this.head = this.table.createTHead();
    this.body = this.table.createTBody();
    this.before = spacer();
    this.after = spacer();
    this.body.append(this.before, this.after);
    frame.append(this.table);
    // Kept here, since asking while rows change would lay the table out twice a step.
    this.scrolled = 0;
    this.room = 600;
    frame.addEventListener("scroll", () => {
      this.scrolled = frame.scrollTop;
      this.fill();
    }, {passive: true});
    new ResizeObserver(() => {
      this.room = frame.clientHeight;
      this.fill();
    }).observe(frame);
    this.listen();
  }

  listen() {
    const lineOf = (event) => this.lines[Number(event.target.closest("tr")?.dataset.line ?? -1)];
    this.body.addEventListener("click", (event) => {
      const line = lineOf(event);
      if (!line) return;
      if (event.target.closest("button.fold")) this.actions.unfold(line.position + 1);
      else this.actions.go(line.position + 1, line.peak);
    });
    this.body.addEventListener("pointerover", (event) => {
      const line = lineOf(event);
      this.actions.point(line ? line.position + 1 : 0);
    });
    this.body.addEventListener("pointerleave", () => this.actions.point(0));
    this.body.addEventListener("focusin", (event) => {
      this.stop = Number(event.target.closest("tr").dataset.line);
      for (const [line, row] of this.rows) row.markStop(line === this.stop);
    });
    this.body.addEventListener("keydown", (event) => {
      const step = {ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity}[event.key];
      if (!step) return;
      event.preventDefault();
      this.focusLine(Math.min(Math.max(this.stop + step, 0), this.lines.length - 1));
    });
  }

  focusLine(line) {
    this.bring(line);
    this.rows.get(line).buttons[0].focus({preventScroll: true});
  }

  show(state, result, looks) {
    this.result = result;
    this.looks = looks;
    const key = `${state.columns}/${Object.keys(result.columns)}`;
    if (this.headKey !== key) {
      this.specs = regionColumns(this.facts, result);
      this.writeHead(state, key);
    }
    if (this.sortKey !== `${state.sort}${state.falling}`) this.markSort(state);
    const order = sortedPositions(result, this.specs, state.sort, state.falling);
    this.lines = [];
    for (const position of order) {
      this.lines.push({position, peak: null});
      if (looks.unfolded.has(position + 1)) {
        for (const peak of this.engine.peaks(result, position + 1).slice(1)) this.lines.push({position, peak});
      }
    }
    setAttribute(this.table, "aria-rowcount", this.lines.length + 1);
    this.fill();
  }

  writeHead(state, key) {
    this.headKey = key;
    this.sortKey = null;
    this.shown = this.specs.filter((spec) => state.columns || !spec.extra);
    const cells = this.shown.map((spec) => {
      const button = element("button", {type: "button", title: spec.title}, spec.head);
      button.addEventListener("click", () => this.actions.sort(spec));
      return element("th", {scope: "col", class: classOf(spec), "data-key": spec.key}, button);
    });
    this.head.replaceChildren(element("tr", {"aria-rowindex": 1}, ...cells));
    this.table.querySelector("colgroup")?.remove();
    this.head.before(element("colgroup", {}, ...this.shown.map(widthOf)));
    for (const {firstChild} of [this.before, this.after]) firstChild.colSpan = this.shown.length;
    this.table.style.minWidth = `${this.shown.reduce((sum, spec) => sum + letters(spec), 0)}ch`;
    this.rows.forEach(({node}) => node.remove());
    this.rows.clear();
    this.spare = [];
  }

  markSort(state) {
    this.sortKey = `${state.sort}${state.falling}`;
    for (const cell of this.head.querySelectorAll("th")) {
      if (cell.dataset.key !== state.sort) cell.removeAttribute("aria-sort");
      else cell.setAttribute("aria-sort", state.falling ? "descending" : "ascending");
    }
  }

  // Puts rows where the reader looks; spacers stand for the others. A row stays where it is as long
  // as its line is shown, so that it keeps the keyboard's focus.
  fill(atRest = false) {
    if (!this.result) return;
    const {printing} = this;
    const all = atRest && this.lines.length <= ALL_AT_REST || printing;
    const lowestTop = Math.max(0, this.lines.length * ROW_HEIGHT - this.room);
    const top = Math.min(this.scrolled, lowestTop);
    const first = all ? 0 : Math.max(0, Math.floor(top / ROW_HEIGHT) - SPARE_ROWS);
    const count = Math.ceil(this.room / ROW_HEIGHT) + 2 * SPARE_ROWS;
    const most = all ? MOST_ON_PAPER : Math.min(count, 80);
    const last = Math.min(this.lines.length, first + most);
    for (const [line, row] of this.rows) {
      if (line < first || line >= last) this.takeAway(line, row);
    }
    const stop = Math.min(Math.max(this.stop, first), last - 1);
    let next = this.before.nextSibling;
    for (let line = first; line < last; line++) {
      if (!this.rows.has(line)) this.insert(line, next);
      const row = this.rows.get(line);
      next = row.node.nextSibling;
      row.write(this.lines[line], this);
      row.markStop(line === stop);
    }
    stretch(this.before, first);
    stretch(this.after, printing ? 0 : this.lines.length - last);
  }

  takeAway(line, row) {
    this.rows.delete(line);
    row.node.remove();
    this.spare.push(row);
  }

  insert(line, next) {
    const row = this.spare.pop() ?? new TableRow(this.shown);
    this.rows.set(line, row);
    row.stand(line);
    this.body.insertBefore(row.node, next);
  }

  lineOf(region) {
    return this.lines.findIndex(({position, peak}) => position === region - 1 && !peak);
  }

  bringRegion(region) {
    const line = this.lineOf(region);
    if (line >= 0) this.bring(line);
  }

  bring(line) {
    const {frame} = this;
    const head = this.head.offsetHeight;
    const top = line * ROW_HEIGHT;
    if (top < frame.scrollTop) frame.scrollTop = top;
    else if (top + ROW_HEIGHT + head > frame.scrollTop + frame.clientHeight) {
      frame.scrollTop = top + ROW_HEIGHT + head - frame.clientHeight;
    }
    this.scrolled = frame.scrollTop;
    this.fill();
  }

  // Gives the number of rows that paper has no room for.
  forPrint(printing) {
    this.printing = printing;
    this.fill();
    return printing ? Math.max(0, this.lines.length - MOST_ON_PAPER) : 0;
  }
}

function widthOf(spec) {
  const col = element("col");
  // Names take what the numbers leave.
  if (spec.atlas === undefined) col.style.width = `${letters(spec)}ch`;
  return col;
}

function stretch(spacer, nRows) {
  if (spacer.dataset.rows === String(nRows)) return;
  spacer.dataset.rows = nRows;
  spacer.hidden = nRows === 0;
  spacer.firstChild.style.height = `${nRows * ROW_HEIGHT}px`;
}

function spacer() {
  return element("tr", {class: "spacer", "aria-hidden": "true"}, element("td"));
}
