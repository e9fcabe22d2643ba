// A colour for every peak: a region has that of its highest one, whatever the threshold.

// Told apart by readers with any kind of colour vision, against light and dark:
// hues of Paul Tol's "muted" and "bright" schemes, lightness spread.
export const PALETTE = [
  "#ee7733", "#33a1de", "#ee3377", "#009e73", "#cc99dd", "#ccaa22", "#5566cc", "#88ccbb",
];

export function colorLeaves(trees) {
  return new Map(trees.map((tree) => {
    const colors = Int32Array.from(tree.peak, (_, leaf) => leaf % PALETTE.length);
    return [tree.sign, colors];
  }));
}
