import type { Attempt } from '../attempt.ts';
import { type Destination, isAddress, isOfFamily } from '../net/place.ts';
import { type Failure, failure } from '../outcome.ts';
import { addressesIn } from './hosts.ts';
import { type Lack, NameServers, type RecordType } from './name-servers.ts';
import { candidateNames, readResolvConf } from './resolv-conf.ts';
import { type Found, search } from './search.ts';

const typesOf: Readonly<Record<0 | 4 | 6, readonly RecordType[]>> = {
  0: ['A', 'AAAA'],
  4: ['A'],
  6: ['AAAA'],
};

/** Limit of addresses to try. */
const maxAddresses = 16;

/**
 * The addresses of a host, as the system's own resolver finds them: in the hosts file, then from the servers of
 * resolv.conf. That resolver itself cannot be cancelled, and takes one of few threads until its servers answer.
 */
export async function addressesOf(
  { host, family = 0 }: Pick<Destination, 'host' | 'family'>,
  attempt: Attempt,
): Promise<readonly string[] | Failure> {
  if (isAddress(host)) return [host];
  const { files, hosts } = attempt.surroundings;
  const name = host.replace(/\.$/, '').toLowerCase();
  attempt.waitFor('timeout', `${hosts} was not read`);
  const text = await files.readText(hosts);
  const known = [...addressesIn(typeof text === 'string' ? text : '', name), ...loopback(name)];
  const fitting = known.filter((address) => isOfFamily(address, family));
  if (fitting.length > 0) return [...new Set(fitting)].slice(0, maxAddresses);
  const records = await recordsOf(host, typesOf[family], attempt);
  return 'ok' in records ? records : alternate(records).slice(0, maxAddresses);
}

/** RFC 6761: `localhost` is this host, whatever a server answers. */
function loopback(name: string): readonly string[] {
  return name === 'localhost' || name.endsWith('.localhost') ? ['127.0.0.1', '::1'] : [];
}

/** The records of a name, or of that name in one of the search domains, from the servers of resolv.conf. */
export async function recordsOf(
  host: string,
  types: readonly RecordType[],
  attempt: Attempt,
): Promise<readonly string[] | Failure> {
  const { files, resolvConf } = attempt.surroundings;
  attempt.waitFor('timeout', `${resolvConf} was not read`);
  const conf = await readResolvConf(resolvConf, files);
  attempt.waitFor('dns-failed', noAnswer(host, conf.servers));
  using servers = await NameServers.open(conf.servers, attempt.signal);
  const found = await search(servers, candidateNames(host, conf), { types });
  if (attempt.signal.aborted) return attempt.interrupted();
  return found.type === 'records' ? found.records : notFound(host, types, found);
}

/** Failure for silent servers. */
export function noAnswer(name: string, servers: readonly string[]): string {
  return `no answer from the DNS server ${servers.join(' ')} for ${name}`;
}

/** Failure for a search without a result. */
export function notFound(
  name: string,
  types: readonly RecordType[],
  found: Exclude<Found, { readonly type: 'records' }>,
): Failure {
  if (found.type === 'failed') return failure('dns-failed', `the DNS server fails: ${found.why}`);
  const words: Readonly<Record<Lack, string>> = {
    name: `no such name: ${name}`,
    record: `${name} has no ${types.join(' or ')} record`,
    service: `no such service: ${name}`,
  };
  return failure('dns-not-found', words[found.lack]);
}

/** Alternates IPv4 and IPv6, so that an unreachable family costs one attempt. */
function alternate(addresses: readonly string[]): readonly string[] {
  const [four, six] = [false, true].map((isSix) =>
    addresses.filter((address) => address.includes(':') === isSix),
  );
  const longest = Math.max(four?.length ?? 0, six?.length ?? 0);
  return Array.from({ length: longest }, (_, index) => [four?.[index], six?.[index]])
    .flat()
    .filter((address) => address !== undefined);
}
