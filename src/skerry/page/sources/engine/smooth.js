// Smooth functions as Chebyshev polynomials, one a piece.

export class Pieces {
  constructor(ends, coefficients) {
    this.ends = ends;
    this.coefficients = coefficients;
    this.width = coefficients.length / (ends.length - 1);
  }

  // Outside of all pieces, the value at the nearest end.
  at(x) {
    const {ends, coefficients, width} = this;
    const last = ends.length - 2;
    let piece = 0;
    while (piece < last && x > ends[piece + 1]) piece++;
    const inside = Math.min(Math.max(x, ends[0]), ends[last + 1]);
    const twice = (2 * (2 * inside - ends[piece] - ends[piece + 1])) / (ends[piece + 1] - ends[piece]);
    let next = 0;
    let afterNext = 0;
    for (let k = (piece + 1) * width - 1; k > piece * width; k--) {
      const here = coefficients[k] + twice * next - afterNext;
      afterNext = next;
      next = here;
    }
    return coefficients[piece * width] + (twice / 2) * next - afterNext;
  }
}
