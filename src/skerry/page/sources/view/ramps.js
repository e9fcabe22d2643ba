// Colours of values: 256 steps from `vmin` to `vmax`, as pixels and as text.

// Blue below zero, red above, pale in between: sampled from a diverging scale that readers with
// any colour vision can follow; between samples it is linear.
const DIVERGING = [
  "#0b2f62", "#1f5f9e", "#4b97c9", "#98c9e2", "#e9eef0",
  "#f4b99a", "#e0725a", "#b8253a", "#640823",
];

// Four times as bright as the dark scheme's panels, as contrast counts.
const LEAST_LIGHT = 0.2;

function channels(color) {
  const number = parseInt(color.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

// Red is the lowest byte of a pixel on every machine that browsers run on (little-endian).
export function pixelOf(color, alpha) {
  const [red, green, blue] = channels(color);
  return ((Math.round(alpha * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

// A colour mixed with as much white as it takes to stand out from black.
export function visibleOnBlack(color) {
  const pure = channels(color);
  for (let white = 0; white < 1; white += 0.04) {
    const mixture = pure.map((value) => Math.round(value + (255 - value) * white));
    if (luminance(mixture) >= LEAST_LIGHT) return hexOf(mixture);
  }
  return "#ffffff";
}

// Relative luminance of sRGB, 0 to 1.
function luminance(color) {
  const [red, green, blue] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function hexOf(color) {
  return "#" + color.map((value) => value.toString(16).padStart(2, "0")).join("");
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
    colors.push(hexOf(a.map((value, channel) => Math.round(value + (b[channel] - value) * part))));
  }
  return colors;
}
