import { BlockList } from 'node:net';
import { systemCode } from '@pod-patterns/kit';
import type { DnsSpec, RecordType } from '../target/kinds/dns.ts';
import type { Attempt, Probe } from './attempt.ts';
import { type Failure, failure } from './outcome.ts';
import { candidateNames, readResolvConf } from './resolv-conf.ts';

/** What one full name answered. */
type Answer =
  | { readonly type: 'records'; readonly records: readonly string[] }
  /** There is no such name, or it has no record of the kind. */
  | { readonly type: 'none'; readonly isNameThere: boolean }
  | { readonly type: 'failed'; readonly code: string };

/**
 * Ready when a name, or the name in one of the search domains, has enough records. Unlike `nslookup` it asks
 * the way the system's resolver does, and unlike that it can ask for SRV and tell how many answers there are.
 */
export const probeDns: Probe<DnsSpec> = async (spec, attempt) => {
  const conf = await readResolvConf(attempt.surroundings.resolvConf);
  const servers = spec.server === undefined ? conf.servers : [spec.server];
  attempt.waitFor('dns-failed', `no answer from the DNS server ${servers.join(' ')} for ${spec.name}`);
  using ask = await openResolver(servers, attempt);

  const failures: string[] = [];
  let isNameThere = false;
  for (const name of candidateNames(spec.name, conf)) {
    const answer = await ask.records(name, spec.records);
    if (attempt.signal.aborted) return attempt.interrupted();
    if (answer.type === 'failed') failures.push(`${answer.code} for ${name}`);
    else if (answer.type === 'none') isNameThere ||= answer.isNameThere;
    else {
      const fault = recordsFault(spec, name, answer.records);
      if (fault !== undefined) return fault;
      const detail = `${name} is ${answer.records.join(' ')}`;
      const isWild = await ask.answersAnything(name, spec.records, answer.records);
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
};

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

const isNone: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

async function openResolver(servers: readonly string[], attempt: Attempt) {
  const { Resolver } = await import('node:dns/promises');
  // a lost packet is sent again; how long all may take is the attempt's business
  const resolver = new Resolver({ timeout: 700, tries: 4 });
  resolver.setServers(servers);
  const cancel = () => resolver.cancel();
  attempt.signal.addEventListener('abort', cancel, { once: true });

  const askOne = async (name: string, type: RecordType): Promise<Answer> => {
    // a closing dot keeps the resolver from any search of its own
    const full = `${name}.`;
    try {
      if (type === 'A') return { type: 'records', records: await resolver.resolve4(full) };
      if (type === 'AAAA') return { type: 'records', records: await resolver.resolve6(full) };
      const services = await resolver.resolveSrv(full);
      return { type: 'records', records: services.map((service) => `${service.name}:${service.port}`) };
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      if (isNone.has(code)) return { type: 'none', isNameThere: code === 'ENODATA' };
      return { type: 'failed', code };
    }
  };

  const records = async (name: string, types: readonly RecordType[]): Promise<Answer> => {
    const answers = await Promise.all(types.map((type) => askOne(name, type)));
    const found = answers.flatMap((answer) => (answer.type === 'records' ? answer.records : []));
    if (found.length > 0) return { type: 'records', records: [...new Set(found)].sort() };
    const failed = answers.find((answer) => answer.type === 'failed');
    if (failed !== undefined) return failed;
    return { type: 'none', isNameThere: answers.some((one) => one.type === 'none' && one.isNameThere) };
  };

  return {
    records,
    /** Whether a name that nobody can have registered has an answer of the same. */
    async answersAnything(name: string, types: readonly RecordType[], known: readonly string[]) {
      const parent = name.includes('.') ? name.slice(name.indexOf('.')) : '';
      const answer = await records(`wait-for-${crypto.randomUUID().slice(0, 13)}${parent}`, types);
      return answer.type === 'records' && answer.records.some((record) => known.includes(record));
    },
    [Symbol.dispose]: () => {
      attempt.signal.removeEventListener('abort', cancel);
      resolver.cancel();
    },
  };
}
