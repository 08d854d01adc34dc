import { Refusal } from '@pod-patterns/kit';
import type { Endpoint, Reach } from './endpoint.ts';
import { readHostsUrl, showHostsUrl } from './hosts-url.ts';
import { type Distribution, distributions, Ring, type RingRules, type Shard } from './ring.ts';
import { ringHashes } from './ring-hashes.ts';
import type { Topology } from './topology.ts';

/** Rules for ejecting a server from a ring. */
export interface Ejection {
  /** Consecutive failures before ejection. */
  readonly failureLimit: number;
  readonly retryMs: number;
}

const ringKeys = [
  'hash',
  'distribution',
  'hash_tag',
  'weights',
  'names',
  'auto_eject',
  'retry_timeout',
  'failure_limit',
] as const;
type RingQuery = ReadonlyMap<string, string>;

/** Port of memcached: twemproxy hashes a server at this port by its host alone. */
const unhashedPort = 11_211;

/** Servers of a ring, with keys spread over them as by twemproxy. */
export class Shards {
  readonly kind = 'ring';
  readonly name = 'the ring';
  readonly shards: readonly Shard[];
  readonly reach: Reach;
  readonly rules: RingRules;
  /** Undefined if failing servers stay in the ring. */
  readonly ejection: Ejection | undefined;
  readonly #shown: string;

  constructor(parts: Pick<Shards, 'shards' | 'reach' | 'rules' | 'ejection'>, shown: string) {
    this.shards = parts.shards;
    this.reach = parts.reach;
    this.rules = parts.rules;
    this.ejection = parts.ejection;
    this.#shown = shown;
  }

  /** Shown instead of the fields, which hold the password. */
  toJSON(): string {
    return this.#shown;
  }
}

/** Reads `redis-ring://…`. Undefined for another scheme; a refusal for a faulty URL. */
export function readShards(text: string): Shards | Refusal | undefined {
  const url = readHostsUrl(text, { names: ringKeys });
  if (url === undefined || url instanceof Refusal) return url;
  if (url.path !== '') return new Refusal('expected no path');
  const { hosts, reach, query } = url;
  const rules = readRules(query);
  if (rules instanceof Refusal) return rules;
  const ejection = readEjection(query);
  if (ejection instanceof Refusal) return ejection;
  const shards = readEach(hosts, query);
  if (shards instanceof Refusal) return shards;
  const parameters = Object.fromEntries(ringKeys.map((name) => [name, query.get(name)]));
  return new Shards({ shards, reach, rules, ejection }, showHostsUrl('redis-ring', url, parameters));
}

/** Makes the topology of a ring with these live servers. */
export function ringTopology(
  { shards, rules, reach }: Shards,
  epoch = 0,
  isLive?: (shard: Shard) => boolean,
): Topology {
  const nodes = shards.map(({ node }) => node);
  const [first = { id: 'none', endpoint: undefined, role: 'shard' }] = nodes;
  const placement = new Ring(shards, rules, isLive);
  return { kind: 'ring', epoch, nodes, primary: first, placement, db: reach.db };
}

function readRules(query: RingQuery): RingRules | Refusal {
  const { hash: hashName = 'fnv1a_64', distribution: spread = 'ketama' } = Object.fromEntries(query);
  const hash = Object.entries(ringHashes).find(([name]) => name === hashName)?.[1];
  if (hash === undefined) return new Refusal(`hash: expected one of ${Object.keys(ringHashes).join(', ')}`);
  const distribution = distributions.find((one): one is Distribution => one === spread);
  if (distribution === undefined)
    return new Refusal(`distribution: expected one of ${distributions.join(', ')}`);
  const [open, close, more] = Buffer.from(query.get('hash_tag') ?? '');
  if (query.has('hash_tag') && (close === undefined || more !== undefined)) {
    return new Refusal('hash_tag: expected two characters');
  }
  const tag = open === undefined || close === undefined ? undefined : ([open, close] as const);
  return { hash, distribution, tag };
}

function readEjection(query: RingQuery): Ejection | Refusal | undefined {
  const wanted = query.get('auto_eject') ?? '0';
  if (wanted !== '0' && wanted !== '1') return new Refusal('auto_eject: expected 0 or 1');
  const retryMs = readCount(query.get('retry_timeout') ?? '30000', 86_400_000);
  if (retryMs === undefined) return new Refusal('retry_timeout: expected milliseconds, at least 1');
  const failureLimit = readCount(query.get('failure_limit') ?? '2', 1_000_000);
  if (failureLimit === undefined) return new Refusal('failure_limit: expected a number, at least 1');
  return wanted === '1' ? { failureLimit, retryMs } : undefined;
}

function readEach(hosts: readonly Endpoint[], query: RingQuery): readonly Shard[] | Refusal {
  const weights = query.get('weights')?.split(',');
  const names = query.get('names')?.split(',');
  if (weights !== undefined && weights.length !== hosts.length)
    return new Refusal('weights: expected one for each host');
  if (names !== undefined && names.length !== hosts.length)
    return new Refusal('names: expected one for each host');
  if (names !== undefined && new Set(names).size < names.length)
    return new Refusal('names: one is given twice');
  const numbers = weights?.map((weight) => readCount(weight, 1000));
  if (numbers?.includes(undefined)) return new Refusal('weights: expected numbers from 1 to 1000');
  return hosts.map((endpoint, index) => ({
    node: { id: endpoint.name, endpoint, role: 'shard' },
    weight: numbers?.[index] ?? 1,
    name: names?.[index] ?? hashedName(endpoint),
  }));
}

function hashedName({ name, address }: Endpoint): string {
  return 'host' in address && address.port === unhashedPort ? address.host : name;
}

function readCount(text: string, most: number): number | undefined {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  return count >= 1 && count <= most ? count : undefined;
}
