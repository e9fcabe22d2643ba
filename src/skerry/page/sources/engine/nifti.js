// The label image as a compressed NIfTI file.

// `header`: the bytes before the voxels, for int32, the little end first.
export async function niftiGz(header, labels) {
  const numbers = new DataView(new ArrayBuffer(labels.length * 4));
  const isLittle = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  if (isLittle) new Int32Array(numbers.buffer).set(labels);
  else labels.forEach((label, at) => numbers.setInt32(at * 4, label, true));
  const packing = new Blob([header, numbers.buffer]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packing).arrayBuffer());
}
