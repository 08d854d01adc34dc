import { Attempt, type Surroundings } from '../probe/attempt.ts';
import { addressesOf } from '../probe/names/resolve.ts';
import type { Destination } from '../probe/net/place.ts';
import type { Failure } from '../probe/outcome.ts';
import { isGroup, type Target, type Wanted } from '../target/target.ts';

/** How one target is understood; holds no secret. */
export interface Explanation {
  readonly target: string;
  readonly kind: string;
  readonly url: string;
  /** The group it belongs to. */
  readonly anyOf?: string;
  /** What it connects to, or the names it asks for. */
  readonly host?: string;
  readonly port?: number;
  /** What that host is just now. */
  readonly addresses?: readonly string[];
  /** Every key that holds, with its default where it was not given. */
  readonly keys: Readonly<Record<string, string>>;
}

/** Explains each target, resolving names but trying nothing else. */
export async function explainAll(
  wanted: readonly Wanted[],
  surroundings: Surroundings,
): Promise<readonly Explanation[]> {
  const explained = wanted.map(async (one) => {
    if (!isGroup(one)) return [await explain(one, surroundings)];
    const members = await Promise.all(one.members.map((member) => explain(member, surroundings)));
    return members.map((member) => ({ ...member, anyOf: one.name }));
  });
  return (await Promise.all(explained)).flat();
}

async function explain(target: Target, surroundings: Surroundings): Promise<Explanation> {
  const { name, kind, shown, settings, timeoutMs } = target;
  const base = { target: name, kind, url: shown };
  const keys = Object.fromEntries(groupKeys(settings));
  const explained = await target.explain(surroundings);
  if ('names' in explained) {
    return explained.names.length === 0
      ? { ...base, keys }
      : { ...base, host: explained.names.join(' '), keys };
  }
  const [place] = explained.places;
  if (place === undefined) return { ...base, keys };
  const { host, port } = place;
  return { ...base, host, port, addresses: await lookUp(place, timeoutMs, surroundings), keys };
}

/** What a host is just now, or why it cannot be told. */
async function lookUp(
  place: Destination,
  timeoutMs: number,
  surroundings: Surroundings,
): Promise<readonly string[]> {
  const attempt = new Attempt(AbortSignal.timeout(timeoutMs), surroundings);
  const { promise: late, resolve } = Promise.withResolvers<Failure>();
  attempt.signal.addEventListener('abort', () => resolve(attempt.interrupted()), { once: true });
  const found = await Promise.race([late, addressesOf(place, attempt)]);
  return 'ok' in found ? [`none: ${found.detail}`] : found;
}

/** A key that was given several times becomes one line. */
function groupKeys(settings: Target['settings']): Map<string, string> {
  const keys = new Map<string, string>();
  for (const [name, value] of settings) {
    const before = keys.get(name);
    keys.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return keys;
}

/** As text, a block for each target. */
export function explanationText({ target, keys, ...facts }: Explanation): string {
  const rows = [...Object.entries(facts), ...Object.entries(keys)].map(([name, value]) => {
    const text = Array.isArray(value) ? value.join(' ') : String(value);
    return `  ${name.padEnd(14)} ${text}`.trimEnd();
  });
  return `${target}\n${rows.join('\n')}\n`;
}
