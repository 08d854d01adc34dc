import { eventually } from '@pod-patterns/kit/testing/eventually';
import { mustDocker } from '../images/docker.ts';
import { ownerOf } from '../manifests/cluster-nodes.ts';
import type { ComposePod } from './compose-pod.ts';

/** Several servers of Redis behind the pod; a server has the name of its service. */
export interface Group {
  /** Of docker-compose.yml, with the one setting that goes with it. */
  readonly profile: string;
  readonly upstream: string;
  readonly servers: readonly string[];
  /** Whether a server that was lost comes back at another address; else its name keeps the address for it. */
  readonly isMoved: boolean;
  /** Which server has the counters, as somebody knows it who runs. */
  readonly primaryOf: (servers: Servers) => string | undefined;
  /** Whether those who choose the next primary know all that there is to choose from. */
  readonly isWatched: (servers: Servers) => boolean;
}

/** The servers of a group that runs, asked directly, behind the ambassador. */
export class Servers {
  readonly #pod: ComposePod;
  readonly #group: Group;
  /** Of servers that were killed, where they were. */
  readonly #addresses = new Map<string, string>();

  constructor(pod: ComposePod, group: Group) {
    this.#pod = pod;
    this.#group = group;
  }

  /** What a server answers to a user that has a password; nothing while it does not run. */
  ask(server: string, user: string, command: string): string {
    const login = `REDISCLI_AUTH="$(cat /run/secrets/users/${user}/password)" redis-cli --user ${user}`;
    return this.run(server, `${login} ${command}`);
  }

  /** What a shell command in the container of a server prints; nothing while it does not run. */
  run(service: string, command: string): string {
    if (!this.isRunning(service)) return '';
    return mustDocker('exec', this.#pod.container(service), 'sh', '-c', `${command} || true`);
  }

  isRunning(service: string): boolean {
    return this.#pod.inspect(service, '{{.State.Running}}') === 'true';
  }

  /** Of a server, as it says itself: `master`, or `slave connected` when it has what its primary has. */
  roleOf(server: string): string {
    const [role = '', , , link = ''] = this.ask(server, 'peer', 'role').split('\n');
    return role === 'slave' ? `${role} ${link}` : role;
  }

  /** Waits until another server than this one has the counters. */
  primary(before?: string): Promise<string> {
    const another = () => {
      const now = this.#group.primaryOf(this);
      return now !== undefined && now !== before && this.roleOf(now) === 'master' ? now : undefined;
    };
    return eventually(another, { timeoutMs: 120_000, everyMs: 500 });
  }

  /** Waits until each server is a primary that others follow or a replica that has all, and is known to be. */
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

  /** Ends a server as the loss of its machine does: it is not started again. */
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
    // a container gets the lowest address that is free
    while (others.length < 16 && addressOf(others.at(-1)) !== before) {
      const network = `--network=${this.#pod.name}_redis`;
      others.push(mustDocker('run', '--detach', network, 'registry.k8s.io/pause:3.10'));
    }
    mustDocker('start', this.#pod.container(server));
    mustDocker('rm', '--force', ...others);
    const after = addressOf(this.#pod.container(server));
    if (after === before) throw new Error(`${server} is at ${before} again`);
  }

  /** Makes a server anew without what it had. */
  loseData(server: string): void {
    mustDocker('rm', '--force', this.#pod.container(server));
    mustDocker('volume', 'rm', `${this.#pod.name}_${server}`);
    this.#pod.remake(server);
  }
}

/** What a Sentinel says to everyone. */
function askSentinel(servers: Servers, sentinel: string, question: string): string {
  const login = 'REDISCLI_AUTH=none redis-cli -p 26379 --user health';
  return servers.run(sentinel, `${login} sentinel ${question} mymaster`);
}

/** Where a container is; nowhere without one. */
function addressOf(container = ''): string {
  const addresses = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  return container === '' ? '' : mustDocker('inspect', `--format=${addresses}`, container);
}

/** Three servers, of which three Sentinels choose the primary. */
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
  // they ask a primary for its replicas every 10 s
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
