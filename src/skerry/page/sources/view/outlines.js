// Outlines: along the edges of voxels for regions, smooth for the glass brain.

// One path per label (0 has none) along the edges between pixels that differ.
// `place` gives a picture's x, y of a corner of pixels.
export function labelOutlines(labels, width, height, place) {
  const paths = new Map();
  const add = (label, x0, y0, x1, y1) => {
    if (!paths.has(label)) paths.set(label, new Path2D());
    const path = paths.get(label);
    path.moveTo(...place(x0, y0));
    path.lineTo(...place(x1, y1));
  };
  for (let row = 0; row <= height; row++) {
    for (let column = 0; column <= width; column++) {
      const at = row * width + column;
      const here = row < height && column < width ? labels[at] : 0;
      const before = row < height && column > 0 ? labels[at - 1] : 0;
      const above = column < width && row > 0 ? labels[at - width] : 0;
      if (here !== before) {
        if (here) add(here, column, row, column, row + 1);
        if (before) add(before, column, row, column, row + 1);
      }
      if (here !== above) {
        if (here) add(here, column, row, column + 1, row);
        if (above) add(above, column, row, column + 1, row);
      }
    }
  }
  return paths;
}

// Where a field crosses a level, by marching squares; x, y count pixels' centres.
export function levelLines(field, width, height, level, place) {
  const path = new Path2D();
  const value = (column, row) => (
    column < 0 || row < 0 || column >= width || row >= height ? 0 : field[row * width + column]);
  for (let row = -1; row < height; row++) {
    let nextAbove = 0;
    let nextBelow = 0;
    for (let column = -1; column < width; column++) {
      const above = nextAbove;
      const below = nextBelow;
      nextAbove = value(column + 1, row);
      nextBelow = value(column + 1, row + 1);
      const inside = above >= level;
      if (inside === nextAbove >= level && inside === below >= level && inside === nextBelow >= level) continue;
      const corners = [above, nextAbove, nextBelow, below];
      const ends = [];
      for (let side = 0; side < 4; side++) {
        const a = corners[side];
        const b = corners[(side + 1) % 4];
        if (a >= level === b >= level) continue;
        const part = (level - a) / (b - a);
        const x = column + [part, 1, 1 - part, 0][side];
        const y = row + [0, part, 1, 1 - part][side];
        ends.push(place(x + 0.5, y + 0.5));
      }
      for (let end = 0; end + 1 < ends.length; end += 2) {
        path.moveTo(...ends[end]);
        path.lineTo(...ends[end + 1]);
      }
    }
  }
  return path;
}

// A moving mean over (2 reach + 1) pixels each way, twice: close to a Gaussian.
export function blurred(field, width, height, reach) {
  let values = Float32Array.from(field);
  for (let time = 0; time < 2; time++) {
    values = meanAlong(values, width, height, 1, width, reach);
    values = meanAlong(values, height, width, width, 1, reach);
  }
  return values;
}

function meanAlong(values, length, lines, step, lineStep, reach) {
  const out = new Float32Array(values.length);
  const share = 1 / (2 * reach + 1);
  for (let line = 0; line < lines; line++) {
    const start = line * lineStep;
    let sum = 0;
    for (let at = -reach; at < length; at++) {
      if (at + reach < length) sum += values[start + (at + reach) * step];
      if (at - reach - 1 >= 0) sum -= values[start + (at - reach - 1) * step];
      if (at >= 0) out[start + at * step] = sum * share;
    }
  }
  return out;
}
