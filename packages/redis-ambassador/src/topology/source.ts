import { Refusal } from '@pod-patterns/kit';
import { Endpoint, type Reach } from './endpoint.ts';
import { readEndpoint } from './endpoint-url.ts';
import { type HostsUrl, readHostsUrl, showHostsUrl } from './hosts-url.ts';
import { readShards, type Shards } from './ring-url.ts';

/** Source of the topology, as given by a URL. */
export type Source = Single | Sentinels | Seeds | Shards;

/** One Redis server. */
class Single extends Endpoint {
  readonly kind = 'standalone';

  get endpoint(): Endpoint {
    return this;
  }

  get reach(): Reach {
    return this;
  }
}

const sentinelPort = 26379;
const sentinelKeys = ['sentinel_user', 'sentinel_password', 'db'] as const;

/** A primary that Sentinels know by name. */
export class Sentinels {
  readonly kind = 'sentinel';
  /** Name of the primary at the Sentinels. */
  readonly name: string;
  readonly sentinels: readonly Endpoint[];
  /** Login for the primary and its replicas. */
  readonly reach: Reach;
  readonly #url: HostsUrl<(typeof sentinelKeys)[number]>;

  constructor(url: HostsUrl<(typeof sentinelKeys)[number]>) {
    this.#url = url;
    this.name = url.path || 'mymaster';
    this.reach = url.reach;
    this.sentinels = url.hosts.map(({ address }) => this.sentinelAt(address));
  }

  /** Makes the endpoint of a Sentinel at this address. */
  sentinelAt(address: Endpoint['address']): Endpoint {
    const { reach, query } = this.#url;
    const login = { user: query.get('sentinel_user'), password: query.get('sentinel_password') };
    return new Endpoint({ address, tls: reach.tls, ...login, db: 0 });
  }

  /** Shown instead of the fields, which hold passwords. */
  toJSON(): string {
    const { reach, hosts, query } = this.#url;
    const shown = { sentinel_user: query.get('sentinel_user'), db: reach.db === 0 ? '' : String(reach.db) };
    return showHostsUrl('redis-sentinel', { reach, hosts, path: this.name }, shown);
  }
}

/** A Cluster with some known nodes. */
export class Seeds {
  readonly kind = 'cluster';
  readonly name = 'the Cluster';
  readonly seeds: readonly Endpoint[];
  /** Login for all nodes. */
  readonly reach: Reach;

  constructor({ hosts, reach }: Pick<HostsUrl<never>, 'hosts' | 'reach'>) {
    this.seeds = hosts;
    this.reach = reach;
  }

  /** Shown instead of the fields, which hold the password. */
  toJSON(): string {
    return showHostsUrl('redis-cluster', { hosts: this.seeds, reach: this.reach, path: '' });
  }
}

/** Reads a URL of any kind. Undefined for another text; a refusal for a faulty URL. */
export function readSource(text: string): Source | Refusal | undefined {
  const [, scheme] = /^([a-z-]+):/i.exec(text) ?? [];
  switch (scheme?.toLowerCase()) {
    case 'redis-sentinel': {
      const url = readHostsUrl(text, { names: sentinelKeys, port: sentinelPort });
      return url === undefined || url instanceof Refusal ? url : new Sentinels(url);
    }
    case 'redis-cluster': {
      const url = readHostsUrl(text, { names: [] });
      if (url === undefined || url instanceof Refusal) return url;
      return url.path === '' ? new Seeds(url) : new Refusal('a Cluster has no databases: expected no path');
    }
    case 'redis-ring':
      return readShards(text);
    default: {
      const endpoint = readEndpoint(text);
      return endpoint instanceof Endpoint ? new Single(endpoint) : endpoint;
    }
  }
}
