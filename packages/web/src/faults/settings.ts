/** How this process is to be hurt. */
export interface FaultSettings {
  /** Every request waits this long. */
  readonly delayMs?: number;
  /** Requests are answered with this status instead. */
  readonly status?: number;
  /** The share of requests that `delayMs` and `status` hit, 0 to 1; all by default. */
  readonly ratio?: number;
  /** Lines that are written to `app.log` each second. */
  readonly logLinesPerSecond?: number;
  /** Memory that is taken and kept. */
  readonly memoryMiB?: number;
  /** `/readyz` says no. */
  readonly unready?: boolean;
}

type Check = (value: unknown) => boolean;

const within =
  (min: number, max: number, isWhole = true): Check =>
  (value) =>
    typeof value === 'number' && value >= min && value <= max && (!isWhole || Number.isInteger(value));

const fields = {
  delayMs: { expected: 'a whole number from 0 to 60000', check: within(0, 60_000) },
  status: { expected: 'a status from 400 to 599', check: within(400, 599) },
  ratio: { expected: 'a number from 0 to 1', check: within(0, 1, false) },
  logLinesPerSecond: { expected: 'a whole number from 0 to 100000', check: within(0, 100_000) },
  memoryMiB: { expected: 'a whole number from 0 to 4096', check: within(0, 4096) },
  unready: { expected: 'true or false', check: (value) => typeof value === 'boolean' },
} as const satisfies Record<keyof FaultSettings, { expected: string; check: Check }>;

/** Reads the settings of a request; anything unknown or out of range comes back as one line that says so. */
export function readFaultSettings(text: string): FaultSettings | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'the body is not JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'expected a JSON object';
  for (const [name, given] of Object.entries(value)) {
    if (!isField(name)) return `${name}: expected one of ${Object.keys(fields).join(', ')}`;
    if (!fields[name].check(given)) return `${name}: expected ${fields[name].expected}`;
  }
  return value;
}

function isField(name: string): name is keyof FaultSettings {
  return Object.hasOwn(fields, name);
}
