import { eventually } from '@pod-patterns/kit/testing/eventually';
import { mustDocker } from '../images/docker.ts';
import { ownerOf } from '../manifests/cluster-nodes.ts';
import type { ComposePod } from './compose-pod.ts';

/** Several Redis servers as upstream of the pod; a server has the name of its service. */
export interface Group {
  /** Profile of docker-compose.yml. */
  readonly profile: string;
  readonly upstream: string;
  readonly servers: readonly string[];
  /** Whether a lost server comes back at another address. */
  readonly isMoved: boolean;
  /** The server with the counters, as another running server reports it. */
  readonly primaryOf: (servers: Servers) => string | undefined;
  /** Whether the servers that elect the next primary know all candidates. */
  readonly isWatched: (servers: Servers) => boolean;
}

/** The servers of a running group, queried directly, without the ambassador. */
export class Servers {
  readonly #pod: ComposePod;
  readonly #group: Group;
  /** Addresses of killed servers. */
  readonly #addresses = new Map<string, string>();

  constructor(pod: ComposePod, group: Group) {
    this.#pod = pod;
    this.#group = group;
  }

  /** Reply of a server to a user with a password; empty while the server is down. */
  ask(server: string, user: string, command: string): string {
    const login = `REDISCLI_AUTH="$(cat /run/secrets/users/${user}/password)" redis-cli --user ${user}`;
    return this.run(server, `${login} ${command}`);
  }

  /** Output of a shell command in the container of a server; empty while the server is down. */
  run(service: string, command: string): string {
    if (!this.isRunning(service)) return '';
    return mustDocker('exec', this.#pod.container(service), 'sh', '-c', `${command} || true`);
  }

  isRunning(service: string): boolean {
    return this.#pod.inspect(service, '{{.State.Running}}') === 'true';
  }

  /** Role of a server in its own words: `master`, or `slave connected` when it is in sync. */
  roleOf(server: string): string {
    const [role = '', , , link = ''] = this.ask(server, 'peer', 'role').split('\n');
    return role === 'slave' ? `${role} ${link}` : role;
  }

  /** Waits until another server has the counters. */
  primary(before?: string): Promise<string> {
    const another = () => {
      const now = this.#group.primaryOf(this);
      return now !== undefined && now !== before && this.roleOf(now) === 'master' ? now : undefined;
    };
    return eventually(another, { timeoutMs: 120_000, everyMs: 500 });
  }

  /** Waits until each server is a primary with replicas or a replica in sync, and the others know it. */
  async whole(): Promise<void> {
    const isWhole = () =>
      this.#group.servers.every((server) => this.#isInPlace(server)) && this.#group.isWatched(this);
    await eventually(isWhole, { timeoutMs: 120_000, everyMs: 500 });
  }

  #isInPlace(server: string): boolean {
    const [role, count] = this.ask(server, 'peer', 'info replication')
      .split('\r\n')
      .flatMap((line) => (/^(role|connected_slaves):/.test(line) ? line.split(':').slice(1) : []));
    return role === 'master' ? Number(count) > 0 : this.roleOf(server) === 'slave connected';
  }

  /** Kills a server as the loss of its machine does: it does not restart. */
  kill(server: string): void {
    this.#addresses.set(server, addressOf(this.#pod.container(server)));
    mustDocker('kill', this.#pod.container(server));
  }

  /** Starts a server again. */
  startAgain(server: string): void {
    if (!this.#group.isMoved) {
      mustDocker('start', this.#pod.container(server));
      return;
    }
    const before = this.#addresses.get(server);
    const others: string[] = [];
    // a container gets the lowest free address
    while (others.length < 16 && addressOf(others.at(-1)) !== before) {
      const network = `--network=${this.#pod.name}_redis`;
      others.push(mustDocker('run', '--detach', network, 'registry.k8s.io/pause:3.10'));
    }
    mustDocker('start', this.#pod.container(server));
    mustDocker('rm', '--force', ...others);
    const after = addressOf(this.#pod.container(server));
    if (after === before) throw new Error(`${server} is at ${before} again`);
  }

  /** Recreates a server without its data. */
  loseData(server: string): void {
    mustDocker('rm', '--force', this.#pod.container(server));
    mustDocker('volume', 'rm', `${this.#pod.name}_${server}`);
    this.#pod.remake(server);
  }
}

/** Asks a Sentinel as the user without a password. */
function askSentinel(servers: Servers, sentinel: string, question: string): string {
  const login = 'REDISCLI_AUTH=none redis-cli -p 26379 --user health';
  return servers.run(sentinel, `${login} sentinel ${question} mymaster`);
}

/** Address of a container; empty without a container. */
function addressOf(container = ''): string {
  const addresses = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  return container === '' ? '' : mustDocker('inspect', `--format=${addresses}`, container);
}

/** Three servers and three Sentinels that elect the primary. */
export const sentinelGroup: Group = {
  profile: 'sentinel',
  upstream:
    'redis-sentinel://app@sentinel-1,sentinel-2,sentinel-3?sentinel_user=health&sentinel_password=none',
  servers: [1, 2, 3].map((number) => `redis-${number}`),
  isMoved: false,
  primaryOf: (servers) => {
    const [host] = askSentinel(servers, 'sentinel-1', 'get-master-addr-by-name').split('\n');
    return host === '' ? undefined : host;
  },
  // the Sentinels ask a primary for its replicas every 10 s
  isWatched: (servers) =>
    [1, 2, 3].every((number) =>
      /num-slaves\n2\nnum-other-sentinels\n2\n/.test(askSentinel(servers, `sentinel-${number}`, 'master')),
    ),
};

/** Six nodes of a Redis Cluster. */
export const clusterGroup: Group = {
  profile: 'cluster',
  upstream: 'redis-cluster://app@redis-nodes',
  servers: [1, 2, 3, 4, 5, 6].map((number) => `redis-node-${number}`),
  isMoved: true,
  primaryOf: (servers) => {
    const running = clusterGroup.servers.find((server) => servers.isRunning(server)) ?? '';
    const slot = Number(servers.ask(running, 'peer', 'cluster keyslot views'));
    return ownerOf(servers.ask(running, 'peer', 'cluster nodes'), slot);
  },
  isWatched: (servers) =>
    clusterGroup.servers.every((server) =>
      servers.ask(server, 'peer', 'cluster info').includes('cluster_state:ok'),
    ),
};
