// Numbers as text for readers, and text from readers as numbers.

export function groupedCount(number) {
  // A thin space groups digits in every language; four digits stay together.
  const text = String(Math.round(number));
  return text.length < 5 ? text : text.replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

export function volumeText(mm3) {
  return mm3 >= 1000 || Number.isInteger(mm3) ? groupedCount(mm3) : String(Number(mm3.toPrecision(4)));
}

// Enough digits to tell neighbours apart, few enough to read down a column.
export function valueText(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "n/a";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  const size = Math.abs(value);
  if (size >= 1e5 || (size > 0 && size < 1e-3)) return value.toExponential(2);
  if (size >= 100) return value.toFixed(1);
  return value.toFixed(size >= 1 || size === 0 ? 2 : 4);
}

export function heightText(value) {
  return String(Number(value.toPrecision(5)));
}

export function mmText(value) {
  const text = value.toFixed(1).replace(/\.0$/, "");
  return text === "-0" ? "0" : text;
}

// Sizes of voxels along the grid's axes: "2 × 2 × 3.125 mm", or "2 mm" where they are equal.
export function sizesText(sizes) {
  const texts = sizes.map((mm) => String(Number(mm.toPrecision(4))));
  return `${new Set(texts).size === 1 ? texts[0] : texts.join(" × ")} mm`;
}

export function probabilityText(p) {
  if (p === null || p === undefined || Number.isNaN(p)) return "n/a";
  if (p > 0 && p < 1e-300) return "<1e-300";
  if (p < 0.0001) return p.toExponential(1);
  return p.toFixed(p < 0.001 ? 5 : p < 0.01 ? 4 : 3);
}

// NaN for what is no finite number.
export function numberFrom(text) {
  const plain = text.replace(/\s/g, "").replace(",", ".").replace("\u2212", "-");
  const number = plain === "" ? NaN : Number(plain);
  return Number.isFinite(number) ? number : NaN;
}

// A step of 1, 2 or 5 times a power of ten that splits `range` into about `parts`.
export function roundStep(range, parts) {
  const rough = range / parts;
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
}

// The multiple of a step that is nearest, without the dust of binary fractions; maps have values
// of any size.
export function onStep(value, step) {
  return Number((Math.round(value / step) * step).toPrecision(14));
}

export function plural(count, one, many) {
  return `${groupedCount(count)} ${count === 1 ? one : many}`;
}
