/** What Python has compressed, as a text, and the way back. */

/** @param {string} text in base64 */
export async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return through(bytes, new DecompressionStream("deflate")).text();
}

/** @param {string} text @returns {Promise<string>} in base64 */
export async function packed(text) {
  const stream = through(new TextEncoder().encode(text), new CompressionStream("deflate"));
  const letters = Array.from(new Uint8Array(await stream.arrayBuffer()), (byte) =>
    String.fromCharCode(byte),
  );
  return btoa(letters.join(""));
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {GenericTransformStream} stream */
const through = (bytes, stream) =>
  new Response(
    new Blob([bytes])
      .stream()
      .pipeThrough(
        /** @type {ReadableWritablePair<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>} */ (
          stream
        ),
      ),
  );
