// The label image as a compressed NIfTI file.

import {PLATFORM_IS_LITTLE} from "./codec.js";

// `header`: the bytes before the voxels, for int32, the little end first.
export async function niftiGz(header, labels) {
  const numbers = new DataView(new ArrayBuffer(labels.length * 4));
  if (PLATFORM_IS_LITTLE) new Int32Array(numbers.buffer).set(labels);
  else labels.forEach((label, at) => numbers.setInt32(at * 4, label, true));
  const packing = new Blob([header, numbers.buffer]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packing).arrayBuffer());
}
