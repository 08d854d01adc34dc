import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { RawConnection } from './raw-connection.ts';
import { inUrl, type Reach, reachArgs } from './tls.ts';

/** A real Sentinel on loopback. */
class SentinelServer implements AsyncDisposable {
  readonly port: number;
  /** The port for others than the test. */
  readonly place: number;
  readonly #process: ChildProcess;
  readonly #folder: Disposable;

  private constructor(ports: { port: number; place: number }, process: ChildProcess, folder: Disposable) {
    this.port = ports.port;
    this.place = ports.place;
    this.#process = process;
    this.#folder = folder;
  }

  static async start(lines: readonly string[], { host = '', tls }: Reach): Promise<SentinelServer> {
    const folder = tempDir();
    const port = await freePort();
    const place = tls === undefined ? port : await freePort();
    const file = folder.file('sentinel.conf');
    const secure = tls?.settings(place).map((setting) => setting.join(' ')) ?? [];
    writeFileSync(file, [`port ${port}`, `bind 127.0.0.1 ${host}`, ...secure, ...lines, ''].join('\n'));
    const child = spawn(redisServer.path, [file, '--sentinel'], { stdio: 'ignore', cwd: folder.path });
    return new SentinelServer({ port, place }, child, folder);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.#folder[Symbol.dispose]();
  }
}

/** Options of a group of Sentinels and the servers that they watch. */
export interface GroupOptions extends Reach {
  readonly name?: string;
  readonly replicas?: number;
  /** Arguments of each Redis. */
  readonly redisArgs?: readonly string[];
  /** Lines for the configuration of each Sentinel. */
  readonly sentinelLines?: readonly string[];
  /** The password that the Sentinels then require. */
  readonly sentinelLogin?: string;
}

/** Three Sentinels, a primary and its replicas, as real processes. */
export class SentinelGroup implements AsyncDisposable {
  readonly name: string;
  readonly servers: RedisServer[] = [];
  readonly sentinels: SentinelServer[] = [];
  readonly #options: GroupOptions;
  readonly #resources: AsyncDisposableStack;

  private constructor(options: GroupOptions, resources: AsyncDisposableStack) {
    this.name = options.name ?? 'mymaster';
    this.#options = options;
    this.#resources = resources;
  }

  /** Resolves when all Sentinels know each other. */
  static async start(options: GroupOptions = {}): Promise<SentinelGroup> {
    const resources = new AsyncDisposableStack();
    try {
      const group = new SentinelGroup(options, resources);
      await group.#start();
      return group;
    } catch (error) {
      await resources.disposeAsync();
      throw error;
    }
  }

  async #start(): Promise<void> {
    const { replicas = 2, redisArgs = [], sentinelLines = [] } = this.#options;
    const { host = '127.0.0.1' } = this.#options;
    const primary = String(this.placeOf(await this.#addServer(redisArgs)));
    const replicaOf = ['--replicaof', host, primary, '--repl-diskless-sync-delay', '0'];
    for (let replica = 0; replica < replicas; replica++) await this.#addServer([...redisArgs, ...replicaOf]);
    const lines = [
      `sentinel monitor ${this.name} ${host} ${primary} 2`,
      `sentinel down-after-milliseconds ${this.name} 60000`,
      `sentinel failover-timeout ${this.name} 3000`,
      ...sentinelLines,
    ];
    for (let sentinel = 0; sentinel < 3; sentinel++) {
      this.sentinels.push(this.#resources.use(await SentinelServer.start(lines, this.#options)));
    }
    await eventually(() => this.#isComplete(replicas));
  }

  async #addServer(redisArgs: readonly string[]): Promise<RedisServer> {
    const { tlsPort, args } = await reachArgs(this.#options);
    const server = this.#resources.use(await RedisServer.start([...redisArgs, ...args]));
    if (tlsPort !== undefined) this.#places.set(server, tlsPort);
    this.servers.push(server);
    return server;
  }

  readonly #places = new Map<RedisServer, number>();

  /** The port for others than the test. */
  placeOf(server: RedisServer): number {
    return this.#places.get(server) ?? server.port;
  }

  /** The URL of this group, with this login before the hosts and these parameters after the name. */
  url({ login = '', query = '' } = {}): string {
    const { host = '127.0.0.1' } = this.#options;
    const hosts = this.sentinels.map(({ place }) => inUrl(host, place)).join(',');
    return `redis-sentinel://${login}${hosts}/${this.name}${query}`;
  }

  /** The primary according to the Sentinels. */
  async primary(): Promise<RedisServer> {
    const port = await this.#ask(this.sentinels.length - 1, 'GET-MASTER-ADDR-BY-NAME', this.name);
    const server = this.servers.find((one) => port.includes(`\r\n${this.placeOf(one)}\r\n`));
    if (server === undefined) throw new Error(`no server at ${JSON.stringify(port)}`);
    return server;
  }

  /** Sets the silence after which a server counts as down. */
  async setPatience(ms: number): Promise<void> {
    for (let index = 0; index < this.sentinels.length; index++) {
      // a Sentinel may have been stopped
      await this.#ask(index, 'SET', this.name, 'down-after-milliseconds', String(ms)).catch(() => '');
    }
  }

  /** Starts a failover to another server. */
  async failOver(): Promise<void> {
    await eventually(async () => (await this.#ask(0, 'FAILOVER', this.name)) === '+OK\r\n');
  }

  /** Waits until another server is the primary. */
  async switchedFrom(before: RedisServer): Promise<RedisServer> {
    const isPrimary = async () => {
      const now = await this.primary();
      return now !== before && (await askPort(now.port, 'ROLE')).includes('\r\nmaster\r\n') ? now : undefined;
    };
    return eventually(isPrimary, { timeoutMs: 60_000 });
  }

  #ask(sentinel: number, ...words: readonly string[]): Promise<string> {
    const port = this.sentinels[sentinel]?.port ?? 0;
    return askAs(this.#options.sentinelLogin, port, ['SENTINEL', ...words]);
  }

  async #isComplete(replicas: number): Promise<boolean> {
    const infos = await Promise.all(this.sentinels.map((_, index) => this.#ask(index, 'MASTER', this.name)));
    return infos.every(
      (info) =>
        info.includes(`num-slaves\r\n$1\r\n${replicas}\r\n`) &&
        info.includes('num-other-sentinels\r\n$1\r\n2\r\n'),
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}

async function askAs(password: string | undefined, port: number, words: readonly string[]): Promise<string> {
  using connection = await RawConnection.open(port);
  if (password !== undefined) await connection.ask('AUTH', password);
  return await connection.ask(...words);
}

/** Sends one request to a server over a new connection. */
export function askPort(port: number, ...words: readonly string[]): Promise<string> {
  return askAs(undefined, port, words);
}
