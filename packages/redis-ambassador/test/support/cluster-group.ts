import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { RedisServer } from '@pod-patterns/kit/testing/redis';
import { RawConnection } from './raw-connection.ts';
import { inUrl, type Reach, reachArgs } from './tls.ts';

const slots = 16_384;

/** Options of a Cluster. */
export interface ClusterOptions extends Reach {
  readonly primaries?: number;
  /** Replicas of each primary. */
  readonly replicas?: number;
  readonly redisArgs?: readonly string[];
  readonly password?: string;
}

/** A real Redis Cluster on loopback. */
export class ClusterGroup implements AsyncDisposable {
  readonly servers: RedisServer[] = [];
  readonly #options: ClusterOptions;
  readonly #resources = new AsyncDisposableStack();

  private constructor(options: ClusterOptions) {
    this.#options = options;
  }

  /** Resolves when all slots are served and all replicas follow. */
  static async start(options: ClusterOptions = {}): Promise<ClusterGroup> {
    const group = new ClusterGroup(options);
    try {
      await group.#start();
      return group;
    } catch (error) {
      await group[Symbol.asyncDispose]();
      throw error;
    }
  }

  get primaries(): number {
    return this.#options.primaries ?? 3;
  }

  /** The URL with these nodes as seeds; all by default. */
  url(seeds: readonly number[] = this.servers.map((server) => this.#placeOf(server))): string {
    const { password, host = '127.0.0.1', tls } = this.#options;
    const login = password === undefined ? '' : `:${password}@`;
    const query = tls === undefined ? '' : `?${tls.query}`;
    return `redis-cluster://${login}${seeds.map((port) => inUrl(host, port)).join(',')}${query}`;
  }

  async #start(): Promise<void> {
    const { replicas = 1 } = this.#options;
    for (let index = 0; index < this.primaries * (1 + replicas); index++) await this.addServer();
    const primaries = this.servers.slice(0, this.primaries);
    const each = Math.ceil(slots / primaries.length);
    for (const [index, server] of primaries.entries()) {
      const last = Math.min(slots, (index + 1) * each) - 1;
      await this.ask(server, 'CLUSTER', 'ADDSLOTSRANGE', String(index * each), String(last));
      await this.ask(server, 'CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
    }
    for (const server of this.servers.slice(1)) await this.meet(server);
    for (const [index, replica] of this.servers.slice(this.primaries).entries()) {
      const of = primaries[index % primaries.length];
      if (of === undefined) continue;
      const id = await this.idOf(of);
      await eventually(async () => (await this.ask(replica, 'CLUSTER', 'REPLICATE', id)) === '+OK\r\n');
    }
    await eventually(() => this.#isWhole(), { timeoutMs: 60_000 });
  }

  /** Starts another server, which is not part of the Cluster yet. */
  async addServer(): Promise<RedisServer> {
    const { redisArgs = [], password } = this.#options;
    const busPort = await freePort();
    const login = password === undefined ? [] : ['--requirepass', password, '--masterauth', password];
    const args = [
      '--cluster-enabled',
      'yes',
      '--cluster-port',
      String(busPort),
      '--cluster-node-timeout',
      '1000',
    ];
    const { tlsPort, args: reached } = await reachArgs(this.#options);
    const secure = tlsPort === undefined ? [] : ['--tls-cluster', 'yes'];
    const more = ['--repl-diskless-sync-delay', '0', '--cluster-require-full-coverage', 'no'];
    const server = await RedisServer.start([...args, ...more, ...login, ...reached, ...secure, ...redisArgs]);
    this.#resources.use(server);
    this.#busPorts.set(server, busPort);
    if (tlsPort !== undefined) this.#places.set(server, tlsPort);
    this.servers.push(server);
    return server;
  }

  readonly #busPorts = new Map<RedisServer, number>();
  readonly #places = new Map<RedisServer, number>();

  /** The port for others than the test. */
  #placeOf(server: RedisServer): number {
    return this.#places.get(server) ?? server.port;
  }

  /** Adds a server to the Cluster, and waits until all nodes know it. */
  async meet(server: RedisServer): Promise<void> {
    const [first] = this.servers;
    if (first === undefined) return;
    const bus = String(this.#busPorts.get(server));
    const { host = '127.0.0.1' } = this.#options;
    await this.ask(first, 'CLUSTER', 'MEET', host, String(this.#placeOf(server)), bus);
    const id = await this.idOf(server);
    await eventually(async () => (await this.ask(first, 'CLUSTER', 'NODES')).includes(id));
  }

  /** Waits until a server takes requests as part of the Cluster. */
  async joined(server: RedisServer): Promise<void> {
    await eventually(async () => (await this.ask(server, 'CLUSTER', 'INFO')).includes('cluster_state:ok'));
  }

  /** Waits until all replicas have the current data of their primaries. */
  async replicated(): Promise<void> {
    for (const server of this.servers) {
      const replication = () => this.ask(server, 'INFO', 'replication');
      const written = Number(/master_repl_offset:(\d+)/.exec(await replication())?.[1]);
      await eventually(async () => {
        const replicas = [...(await replication()).matchAll(/^slave\d+:.*offset=(\d+)/gm)];
        return replicas.every(([, offset]) => Number(offset) >= written);
      });
    }
  }

  /** Sends one request to a server over a new connection. */
  async ask({ port }: RedisServer, ...words: readonly string[]): Promise<string> {
    using connection = await RawConnection.open(port);
    const { password } = this.#options;
    if (password !== undefined) await connection.ask('AUTH', password);
    return await connection.ask(...words);
  }

  async idOf(server: RedisServer): Promise<string> {
    return (await this.ask(server, 'CLUSTER', 'MYID')).slice(5, 45);
  }

  /**
   * Makes a replica the owner of its primary's slots, of which this is one. Redis gives up a failover if the replica has
   * not caught up within 5 s, as on a busy machine; then the failover is started again.
   */
  async failOverTo(replica: RedisServer, slot: number): Promise<void> {
    const isOwner = async () => (await this.ownerOf(slot)) === replica;
    await eventually(
      async () => {
        if ((await this.ask(replica, 'CLUSTER', 'FAILOVER')) !== '+OK\r\n') return false;
        return eventually(isOwner, { timeoutMs: 6_000 });
      },
      { timeoutMs: 45_000, everyMs: 100 },
    );
  }

  /** The server of this slot according to the first node that answers. */
  async ownerOf(slot: number): Promise<RedisServer> {
    for (const server of this.servers) {
      const nodes = await this.ask(server, 'CLUSTER', 'NODES').catch(() => '');
      for (const line of nodes.split('\n')) {
        const [, address = '', flags = '', , , , , , ...ranges] = line.trim().split(' ');
        const isOwner = ranges.some((range) => {
          const [first, last = first] = range.split('-').map(Number);
          return first !== undefined && last !== undefined && first <= slot && slot <= last;
        });
        const port = Number(/:(\d+)@/.exec(address)?.[1]);
        const owner = this.servers.find((one) => one.port === port);
        if (isOwner && !flags.includes('fail') && owner !== undefined) return owner;
      }
    }
    throw new Error(`no node has slot ${slot}`);
  }

  /** Begins or completes the move of a slot; `moveKeys` moves its keys in between. */
  async beginMove(slot: number, from: RedisServer, to: RedisServer): Promise<void> {
    await this.ask(to, 'CLUSTER', 'SETSLOT', String(slot), 'IMPORTING', await this.idOf(from));
    await this.ask(from, 'CLUSTER', 'SETSLOT', String(slot), 'MIGRATING', await this.idOf(to));
  }

  /** Moves up to this many keys of a moving slot; false if there are none. */
  async moveKeys(slot: number, from: RedisServer, to: RedisServer, keys = 100): Promise<boolean> {
    using connection = await RawConnection.open(from.port);
    const reply = await connection.ask('CLUSTER', 'GETKEYSINSLOT', String(slot), String(keys));
    const names = reply
      .split('\r\n')
      .slice(1)
      .filter((_, index) => index % 2 === 1);
    if (names.length === 0) return false;
    const keysAfter = ['KEYS', ...names];
    const moved = await connection.ask(
      'MIGRATE',
      '127.0.0.1',
      String(to.port),
      '',
      '0',
      '5000',
      ...keysAfter,
    );
    if (!moved.startsWith('+')) throw new Error(`MIGRATE: ${moved}`);
    return true;
  }

  async endMove(slot: number, to: RedisServer): Promise<void> {
    const id = await this.idOf(to);
    await this.ask(to, 'CLUSTER', 'SETSLOT', String(slot), 'NODE', id);
    for (const server of this.servers)
      await this.ask(server, 'CLUSTER', 'SETSLOT', String(slot), 'NODE', id).catch(() => '');
  }

  async #isWhole(): Promise<boolean> {
    for (const server of this.servers) {
      const info = await this.ask(server, 'CLUSTER', 'INFO');
      if (
        !info.includes('cluster_state:ok') ||
        !info.includes(`cluster_known_nodes:${this.servers.length}\r`)
      ) {
        return false;
      }
      const nodes = await this.ask(server, 'CLUSTER', 'NODES');
      if (nodes.split('slave ').length - 1 !== this.servers.length - this.primaries) return false;
    }
    const replicas = this.servers.slice(this.primaries);
    const infos = await Promise.all(replicas.map((server) => this.ask(server, 'INFO', 'replication')));
    return infos.every((info) => info.includes('master_link_status:up'));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}
