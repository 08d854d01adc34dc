import { BlockList } from 'node:net';
import type { Attempt } from '../../probe/attempt.ts';
import { NameServer, type RecordType } from '../../probe/names/name-server.ts';
import { candidateNames, readResolvConf } from '../../probe/names/resolv-conf.ts';
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
  /** How many answers there must be. */
  readonly minCount: number;
  /** `IP:PORT` of the server to ask instead of those of resolv.conf. */
  readonly server: string | undefined;
  /** Only answers in this range count. */
  readonly within: Cidr | undefined;
}

/**
 * Ready when a name, or the name in one of the search domains, has enough records. Unlike `nslookup` it asks
 * the way the system's resolver does, and unlike that it can ask for SRV and tell how many answers there are.
 */
export async function probeDns(spec: DnsSpec, attempt: Attempt): Promise<Outcome> {
  attempt.waitFor('dns-failed', `no answer from the DNS server for ${spec.name}`);
  const conf = await readResolvConf(attempt.surroundings.resolvConf);
  const servers = spec.server === undefined ? conf.servers : [spec.server];
  attempt.waitFor('dns-failed', `no answer from the DNS server ${servers.join(' ')} for ${spec.name}`);
  using server = await NameServer.open(servers, attempt.signal);

  const failures: string[] = [];
  let isNameThere = false;
  for (const name of candidateNames(spec.name, conf)) {
    const answer = await server.records(name, spec.records);
    if (attempt.signal.aborted) return attempt.interrupted();
    if (answer.type === 'failed') failures.push(`${answer.code} for ${name}`);
    else if (answer.type === 'none') isNameThere ||= answer.isNameThere;
    else {
      const fault = recordsFault(spec, name, answer.records);
      if (fault !== undefined) return fault;
      const detail = `${name} is ${answer.records.join(' ')}`;
      const isWild = await server.isWildcard(name, spec.records, answer.records);
      return isWild ? { ok: true, detail, warning: wildcardWarning(name) } : { ok: true, detail };
    }
  }
  const [first] = failures;
  if (first !== undefined) return failure('dns-failed', `the DNS server fails: ${first}`);
  const kinds = spec.records.join(' or ');
  return failure(
    'dns-not-found',
    isNameThere ? `${spec.name} has no ${kinds} record` : `no such name: ${spec.name}`,
  );
}

function wildcardWarning(name: string): string {
  const parent = name.includes('.') ? ` in ${name.slice(name.indexOf('.') + 1)}` : '';
  return `any name${parent} has this answer (a wildcard), so it does not show that ${name} is there`;
}

function recordsFault(spec: DnsSpec, name: string, records: readonly string[]): Failure | undefined {
  const { minCount, within } = spec;
  const shown = records.join(' ');
  if (within !== undefined) {
    const range = new BlockList();
    range.addSubnet(within.address, within.prefix, within.family);
    const inside = records.filter((address) => range.check(address, address.includes(':') ? 'ipv6' : 'ipv4'));
    if (inside.length >= minCount) return undefined;
    return failure('mismatch', `${name} is ${shown}: ${inside.length} of ${minCount} in ${within.text}`);
  }
  if (records.length >= minCount) return undefined;
  return failure('not-ready', `${name} is ${shown}: ${records.length} of ${minCount} answers`);
}
