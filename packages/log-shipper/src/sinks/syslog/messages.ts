/** Splits concatenated messages, each with its length before it. */
export function* messagesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(0x20, at);
    const end = blank + 1 + Number(bytes.toString('latin1', at, blank));
    yield bytes.subarray(blank + 1, end);
    at = end;
  }
}
