/** Twemproxy's servers for the keys `keyOf(0)`, `keyOf(1)`, …: one digit each, the server's number. */
export interface Vector {
  readonly hash: string;
  readonly distribution: string;
  /** Two characters, or nothing. */
  readonly tag: string;
  readonly servers: ReadonlyArray<{
    readonly address: string;
    readonly weight: number;
    readonly name?: string | undefined;
  }>;
  readonly owners: string;
}

export const keysPerVector = 120;

/** Keys of all lengths, with and without tags, and with bytes beyond ASCII. One character stands for a byte. */
export function keyOf(index: number): string {
  const kinds: ReadonlyArray<(at: number) => string> = [
    (at) => `key:${at}`,
    (at) => 'abcdefghijklmnopqrstuvwxyz'.slice(0, at % 26) + at,
    (at) => `{user${at}}.name`,
    (at) => `a{}b${at}{c}`,
    (at) => `$tag${at}$rest`,
    (at) => `\u00e9\u00ff\u0080${at}\u00fe`,
    (at) => `{open${at}`,
    (at) => String.fromCharCode(0x80 + (at % 128)) + at,
  ];
  return kinds[index % kinds.length]?.(index) ?? '';
}
