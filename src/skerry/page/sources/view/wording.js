// The methods paragraph and the lines that make the page again, kept at the page's present state.

import {groupedCount, heightText, plural} from "./numbers.js";

// Puts words in place of {names}; a brace that is meant as one is written twice.
function filledIn(text, words) {
  return text.replace(/\{\{|\}\}|\{(\w+)\}/g, (found, name) => {
    if (found === "{{") return "{";
    if (found === "}}") return "}";
    return Object.hasOwn(words, name) ? String(words[name]) : found;
  });
}

// A word as a POSIX shell reads it back.
function shellWord(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;
}

export function methodsNow(methods, state, result) {
  const {initial, words} = methods;
  // Where no height can be what was asked for, all that no voxel reaches are alike.
  const same = initial.threshold === null ? result.nAbove === 0 : state.threshold === initial.threshold;
  const asInitial = same && state.sign === initial.sign;
  const extent = state.minVolume > 0 ? words.extent.some : words.extent.none;
  const spoken = {
    threshold: asInitial && initial.threshold === null ? initial.words : heightText(state.threshold),
    how: asInitial ? initial.how : "",
    sign: state.sign,
    signs: words.signs[state.sign],
    sides: words.sides?.[state.sign] ?? "",
    min_volume: state.minVolume,
    extent: filledIn(extent, {min_volume: groupedCount(state.minVolume)}),
    n_regions: result.n ? plural(result.n, "region", "regions") : "no region",
  };
  const exact = {sign: state.sign, min_volume: state.minVolume};
  const threshold = String(state.threshold);
  return {
    paragraph: methods.paragraph.map((part) => filledIn(part, spoken)).join(" "),
    command: methods.command?.map((word) => shellWord(filledIn(word, {
      ...exact, threshold: asInitial ? initial.command_threshold : threshold,
    }))).join(" ") ?? null,
    python: filledIn(methods.python, {
      ...exact, threshold: asInitial ? initial.python_threshold : threshold,
    }),
  };
}
