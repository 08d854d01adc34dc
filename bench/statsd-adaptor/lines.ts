/** Lines as from a web application's StatsD client: `count` different tagged counters, gauges and timers. */
export function lines(count: number): string[] {
  const types = ['c', 'g', 'ms'];
  return Array.from({ length: count }, (_, at) => {
    const name = `app.http.${types[at % 3]}.handler${Math.floor(at / 3) % 50}`;
    const tags = `method:GET,status:200,route:r${Math.floor(at / 150)}`;
    return `${name}:${(at * 37) % 1000}|${types[at % 3]}|#${tags}`;
  });
}

/** Packs lines into datagrams of at most `bytes`. */
export function pack(
  all: readonly string[],
  bytes: number,
): Array<{ readonly payload: Buffer; readonly lines: number }> {
  const packed: Array<{ payload: Buffer; lines: number }> = [];
  let text = '';
  let count = 0;
  for (const line of all) {
    if (count > 0 && text.length + 1 + line.length > bytes) {
      packed.push({ payload: Buffer.from(text), lines: count });
      [text, count] = ['', 0];
    }
    text += count === 0 ? line : `\n${line}`;
    count++;
  }
  packed.push({ payload: Buffer.from(text), lines: count });
  return packed;
}
