const unitSeconds: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6, // U+00B5
  μs: 1e-6, // U+03BC
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};
const term = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy;
const whole = new RegExp(`^[+-]?(?:${term.source})+$`);

/** Reads a duration as Go's `time.ParseDuration` does: `1h30m`, `1.5s`, `-5ms`, `0`. In seconds; undefined for other text. */
export function parseGoDuration(text: string): number | undefined {
  if (/^[+-]?0$/.test(text)) return 0;
  if (!whole.test(text)) return undefined;
  const terms = [...text.replace(/^[+-]/, '').matchAll(term)];
  const seconds = terms.reduce(
    (sum, [, count, unit]) => sum + Number(count) * (unitSeconds[unit ?? ''] ?? 0),
    0,
  );
  return text.startsWith('-') ? -seconds : seconds;
}
