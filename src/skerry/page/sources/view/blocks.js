// The arrays in the page: base64 of gzip in script elements that never run.

export function blockReader() {
  return async (name) => {
    const node = Array.from(document.querySelectorAll("script[data-block]"))
      .find((one) => one.dataset.block === name);
    if (!node) throw new Error(`the page has no block ${name}`);
    const unpacked = new Blob([bytesOfBase64(node.textContent)]).stream()
      .pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(unpacked).arrayBuffer());
  };
}

function bytesOfBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
