// Sets of voxels of a 3 x 3 x 3 block as bits: 9 a + 3 b + c. A shift moves a set along an axis,
// a mask drops what would come out on the other side.

const C_UP = 0b110110110110110110110110110;
const B_UP = 0b111111000111111000111111000;
const A_UP = 0b111111111111111111000000000;
const REACH = {6: 1, 18: 2, 26: 3}; // along how many axes a step may go at once

function grown(bits, shift, up) {
  return bits | ((bits << shift) & up) | ((bits >> shift) & (up >> shift));
}

// A set and the neighbours of its voxels.
const GROWN = {
  6: (bits) => grown(bits, 1, C_UP) | grown(bits, 3, B_UP) | grown(bits, 9, A_UP),
  18: (bits) => {
    const c = grown(bits, 1, C_UP);
    const b = grown(bits, 3, B_UP);
    return grown(c, 3, B_UP) | grown(c, 9, A_UP) | grown(b, 9, A_UP);
  },
  26: (bits) => grown(grown(grown(bits, 1, C_UP), 3, B_UP), 9, A_UP),
};

// Bits of the neighbours of the block's middle.
export function neighbourBits(connectivity) {
  let bits = 0;
  for (let bit = 0; bit < 27; bit++) {
    const steps = [Math.floor(bit / 9), Math.floor(bit / 3) % 3, bit % 3].filter((at) => at !== 1);
    if (steps.length && steps.length <= REACH[connectivity]) bits |= 1 << bit;
  }
  return bits;
}

// Whether the voxels of a set that are next to the middle hang together within the set.
export function hangTogether(connectivity) {
  const near = neighbourBits(connectivity);
  const grow = GROWN[connectivity];
  return (bits) => {
    const wanted = bits & near;
    let flood = wanted & -wanted;
    for (;;) {
      if (!(wanted & ~flood)) return true;
      const next = grow(flood) & bits;
      if (next === flood) return false;
      flood = next;
    }
  };
}
