import type { Surroundings } from '../probe/attempt.ts';
import { candidateNames, readResolvConf } from '../probe/resolv-conf.ts';
import { isAddress, type Place, placeOfUrl } from '../target/place.ts';
import { isGroup, type Spec, type Target, type Wanted } from '../target/target.ts';

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
  const base = { target: target.name, kind: target.kind, url: target.shown };
  const keys = Object.fromEntries(groupKeys(target.settings));
  const { spec } = target;
  if (spec.type === 'dns') {
    const names = candidateNames(spec.name, await readResolvConf(surroundings.resolvConf));
    return { ...base, host: names.join(' '), keys };
  }
  const place = placeOf(spec, surroundings);
  if (place === undefined) return { ...base, keys };
  return { ...base, ...place, addresses: await addressesOf(place.host, target, surroundings), keys };
}

function placeOf(spec: Spec, { env }: Surroundings): Place | undefined {
  if ('host' in spec) return { host: spec.host, port: spec.port };
  if (spec.type === 'http') return placeOfUrl(new URL(spec.url));
  if (spec.type !== 'k8s') return undefined;
  const host = env['KUBERNETES_SERVICE_HOST'];
  return host === undefined ? undefined : { host, port: Number(env['KUBERNETES_SERVICE_PORT']) };
}

function addressesOf(
  host: string,
  { spec, timeoutMs }: Target,
  { lookups }: Surroundings,
): Promise<string[]> {
  if (isAddress(host)) return Promise.resolve([host]);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(['no answer from the DNS server']), timeoutMs);
    lookups.resolve(host, spec.type === 'tcp' ? spec.family : 0, (error, addresses) => {
      clearTimeout(timer);
      resolve(error === null ? addresses.map(({ address }) => address) : [`none: ${error.code}`]);
    });
  });
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
