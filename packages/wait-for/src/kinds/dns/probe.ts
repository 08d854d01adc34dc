import { BlockList } from 'node:net';
import type { Attempt } from '../../probe/attempt.ts';
import { NameServers, type RecordType } from '../../probe/names/name-servers.ts';
import { candidateNames, readResolvConf } from '../../probe/names/resolv-conf.ts';
import { noAnswer, notFound } from '../../probe/names/resolve.ts';
import { search } from '../../probe/names/search.ts';
import { type Failure, failure, type Outcome } from '../../probe/outcome.ts';

/** A range of addresses. */
export interface Cidr {
  readonly text: string;
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** A name that must have records. */
export interface DnsSpec {
  readonly name: string;
  /** Any of these makes an answer. */
  readonly records: readonly RecordType[];
  /** Minimum number of answers. */
  readonly minCount: number;
  /** `IP:PORT` of the server to ask instead of those of resolv.conf. */
  readonly server: string | undefined;
  /** Only answers in this range count. */
  readonly within: Cidr | undefined;
}

/** Time limit of the wildcard check, which delays an answer. */
const wildcardCheckMs = 250;

/**
 * Ready when a name, or the name in one of the search domains, has enough records. Unlike `nslookup` it searches like the
 * system's resolver, and unlike the resolver it can ask for SRV and count answers.
 */
export async function probeDns(spec: DnsSpec, attempt: Attempt): Promise<Outcome> {
  const { files, resolvConf } = attempt.surroundings;
  attempt.waitFor('timeout', `${resolvConf} was not read`);
  const conf = await readResolvConf(resolvConf, files);
  const addresses = spec.server === undefined ? conf.servers : [spec.server];
  attempt.waitFor('dns-failed', noAnswer(spec.name, addresses));
  using servers = await NameServers.open(addresses, attempt.signal);
  const found = await search(servers, candidateNames(spec.name, conf), {
    types: spec.records,
    isEnough: (records) => fitting(spec, records).length >= spec.minCount,
  });
  if (attempt.signal.aborted) return attempt.interrupted();
  if (found.type !== 'records') return notFound(spec.name, spec.records, found);
  const { name } = found;
  const records = found.records.toSorted();
  const fault = recordsFault(spec, name, records);
  if (fault !== undefined) return fault;
  const detail = `${name} resolves to ${records.join(' ')}`;
  const isWild = await isWildcard(servers, spec, { name, records });
  return isWild ? { ok: true, detail, warning: wildcardWarning(name) } : { ok: true, detail };
}

/** Whether a neighbouring name that cannot be registered has the same records. */
async function isWildcard(
  servers: NameServers,
  { records: types }: DnsSpec,
  { name, records }: { readonly name: string; readonly records: readonly string[] },
): Promise<boolean> {
  const parent = name.includes('.') ? name.slice(name.indexOf('.')) : '';
  const answer = await Promise.race([
    servers.records(`wait-for-${crypto.randomUUID().slice(0, 13)}${parent}`, types),
    new Promise<undefined>((resolve) => setTimeout(resolve, wildcardCheckMs, undefined).unref()),
  ]);
  return answer?.type === 'records' && answer.records.some((record) => records.includes(record));
}

function wildcardWarning(name: string): string {
  const parent = name.includes('.') ? ` in ${name.slice(name.indexOf('.') + 1)}` : '';
  return `every name${parent} has this answer (a wildcard), so ${name} may not exist`;
}

function recordsFault(spec: DnsSpec, name: string, records: readonly string[]): Failure | undefined {
  const { minCount, within } = spec;
  const count = fitting(spec, records).length;
  if (count >= minCount) return undefined;
  const shown = records.join(' ');
  return within === undefined
    ? failure('not-ready', `${name} resolves to ${shown}: ${count} of ${minCount} answers`)
    : failure('mismatch', `${name} resolves to ${shown}: ${count} of ${minCount} in ${within.text}`);
}

/** The records that count. */
function fitting({ within }: DnsSpec, records: readonly string[]): readonly string[] {
  if (within === undefined) return records;
  const range = new BlockList();
  range.addSubnet(within.address, within.prefix, within.family);
  return records.filter((address) => range.check(address, address.includes(':') ? 'ipv6' : 'ipv4'));
}
