// Bytes of the page's blocks back to numbers.

export const PLATFORM_IS_LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const NUMBER_TYPES = {
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
};

// Numbers that were stored as all first bytes, all second ones, ..., the little end first.
export function unshuffled(bytes, dtype) {
  const Numbers = NUMBER_TYPES[dtype];
  const width = Numbers.BYTES_PER_ELEMENT;
  const n = bytes.length / width;
  if (PLATFORM_IS_LITTLE && width % 4 === 0) return joinedWords(bytes, Numbers, width / 4, n);
  const joined = new Uint8Array(bytes.length);
  for (let plane = 0; plane < width; plane++) {
    const place = PLATFORM_IS_LITTLE ? plane : width - 1 - plane;
    for (let at = 0; at < n; at++) joined[at * width + place] = bytes[plane * n + at];
  }
  return new Numbers(joined.buffer);
}

// The same, four bytes at a time.
function joinedWords(bytes, Numbers, nWords, n) {
  const words = new Uint32Array(nWords * n);
  for (let word = 0; word < nWords; word++) {
    const [a, b, c, d] = [0, 1, 2, 3].map((plane) => {
      return bytes.subarray((4 * word + plane) * n, (4 * word + plane + 1) * n);
    });
    for (let at = 0, to = word; at < n; at++, to += nWords) {
      words[to] = a[at] | b[at] << 8 | c[at] << 16 | d[at] << 24;
    }
  }
  return new Numbers(words.buffer);
}

// Positions of the bits that are set, the lowest bit of each byte first.
export function positionsOfBits(bytes, nSet) {
  const positions = new Int32Array(nSet);
  let n = 0;
  for (let at = 0; at < bytes.length; at++) {
    let bits = bytes[at];
    while (bits) {
      positions[n++] = at * 8 + (31 - Math.clz32(bits & -bits));
      bits &= bits - 1;
    }
  }
  return positions;
}
