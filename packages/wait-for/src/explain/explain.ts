import type { Explained } from '../kinds/kind.ts';
import { Attempt, type Surroundings } from '../probe/attempt.ts';
import { addressesOf } from '../probe/names/resolve.ts';
import { type Destination, formatPlace } from '../probe/net/place.ts';
import { type Clock, inTime } from '../schedule/clock.ts';
import { isGroup, type Target, type Wanted } from '../target/target.ts';

/** How one target is read; contains no secret. */
export interface Explanation {
  readonly target: string;
  readonly kind: string;
  readonly url: string;
  /** The group it belongs to. */
  readonly anyOf?: string;
  /** The address it connects to, or the names it resolves. */
  readonly host?: string;
  readonly port?: number;
  /** Current addresses of that host. */
  readonly addresses?: readonly string[];
  /** Every key with its effective value. */
  readonly keys: Readonly<Record<string, string>>;
}

/** Dependencies of explaining. */
export interface Means {
  readonly surroundings: Surroundings;
  readonly clock: Clock;
}

/** Explains each target, resolving names but trying nothing else; none takes longer than its `timeout`. */
export async function explainAll(wanted: readonly Wanted[], means: Means): Promise<readonly Explanation[]> {
  const explained = wanted.map(async (one) => {
    if (!isGroup(one)) return [await explain(one, means)];
    const members = await Promise.all(one.members.map((member) => explain(member, means)));
    return members.map((member) => ({ ...member, anyOf: one.name }));
  });
  return (await Promise.all(explained)).flat();
}

async function explain(target: Target, means: Means): Promise<Explanation> {
  const { name, kind, shown, settings, timeoutMs } = target;
  const said = await inTime(means.clock, timeoutMs, target.explain(means.surroundings));
  const keys = Object.fromEntries(groupKeys(settings));
  return { target: name, kind, url: shown, ...(await hostOf(said ?? { names: [] }, timeoutMs, means)), keys };
}

async function hostOf(
  explained: Explained,
  timeoutMs: number,
  means: Means,
): Promise<Pick<Explanation, 'host' | 'port' | 'addresses'>> {
  if ('names' in explained) return explained.names.length === 0 ? {} : { host: explained.names.join(' ') };
  const { places } = explained;
  const addresses = await Promise.all(places.map((place) => lookUp(place, timeoutMs, means)));
  const [first, ...more] = places;
  if (first === undefined) return {};
  const host =
    more.length === 0 ? { host: first.host, port: first.port } : { host: places.map(formatPlace).join(' ') };
  return { ...host, addresses: addresses.flat() };
}

/** Current addresses of a host, or the reason why they are unknown. */
async function lookUp(
  place: Destination,
  timeoutMs: number,
  { surroundings, clock }: Means,
): Promise<readonly string[]> {
  const over = new AbortController();
  const attempt = new Attempt(over.signal, surroundings);
  const found =
    (await inTime(clock, timeoutMs, addressesOf(place, attempt))) ?? attempt.interrupted(timeoutMs);
  over.abort();
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
