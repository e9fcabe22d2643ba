// Colours of values: 256 steps from `vmin` to `vmax`, as pixels and as text.

// Blue below zero, red above, pale in between: sampled from a diverging scale that readers with
// any colour vision can follow; between samples it is linear.
const DIVERGING = [
  "#0b2f62", "#1f5f9e", "#4b97c9", "#98c9e2", "#e9eef0",
  "#f4b99a", "#e0725a", "#b8253a", "#640823",
];

export function channels(color) {
  const number = parseInt(color.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

// Red is the lowest byte of a pixel on every machine that browsers run on (little-endian).
export function pixelOf(color, alpha) {
  const [red, green, blue] = channels(color);
  return ((Math.round(alpha * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

export function colorRamp(display, lowest, highest) {
  const reach = Math.max(Math.abs(lowest), Math.abs(highest)) || 1;
  const vmax = display.vmax ?? reach;
  const vmin = display.vmin ?? -vmax;
  const colors = display.cmap ?? diverging();
  const scale = vmax > vmin ? 255 / (vmax - vmin) : 0;
  return {
    vmin, vmax, colors,
    step(value) {
      const at = Math.round((value - vmin) * scale);
      return at < 0 ? 0 : at > 255 ? 255 : at;
    },
    pixels: (alpha) => Uint32Array.from(colors, (color) => pixelOf(color, alpha)),
  };
}

function diverging() {
  const colors = [];
  for (let step = 0; step < 256; step++) {
    const place = (step / 255) * (DIVERGING.length - 1);
    const below = Math.min(Math.floor(place), DIVERGING.length - 2);
    const part = place - below;
    const [a, b] = [channels(DIVERGING[below]), channels(DIVERGING[below + 1])];
    const mixed = a.map((value, channel) => Math.round(value + (b[channel] - value) * part));
    colors.push("#" + mixed.map((value) => value.toString(16).padStart(2, "0")).join(""));
  }
  return colors;
}
