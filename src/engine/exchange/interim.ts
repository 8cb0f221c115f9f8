const interimStart = /^HTTP\/1\.[01] 1\d\d/;

/** Bytes of the interim answers (1xx) that stand before the answer proper; a peer may send any number of them. */
export function lengthOfInterim(bytes: Buffer): number {
  for (let at = 0; ;) {
    const end = bytes.indexOf('\r\n\r\n', at);
    if (end === -1 || !interimStart.test(bytes.subarray(at, at + 12).toString('latin1'))) return at;
    at = end + 4;
  }
}
