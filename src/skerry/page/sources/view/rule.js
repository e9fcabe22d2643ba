// How a height of the map is spoken of.

const SYMBOLS = {z: "z", t: "t", F: "F", p: "−log₁₀ p"};
const OF_ONE_SIDE = ["F", "p"];

export function symbolOf({map}) {
  return SYMBOLS[map.kind] ?? "value";
}

// Whether values below zero mean something else than those above.
export function hasSigns({map}) {
  return !OF_ONE_SIDE.includes(map.kind);
}

// "|z| ≥ 3.1", and what it means for one sign alone; "F ≥ 3.1".
export function rule(facts, sign, heightText) {
  const symbol = symbolOf(facts);
  if (sign === "negative") return `${symbol} ≤ -${heightText}`;
  if (sign === "positive" || !hasSigns(facts)) return `${symbol} ≥ ${heightText}`;
  return `|${symbol}| ≥ ${heightText}`;
}
