import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from './free-port.ts';
import { type Installed, installed } from './needs.ts';
import { tempDir } from './temp-dir.ts';

const named = process.env['REDIS_SERVER_BIN'];

/** The installed Redis or Valkey server; `REDIS_SERVER_BIN` takes precedence. */
export const redisServer: Installed = installed(
  'redis-server',
  named === undefined ? ['redis-server', 'valkey-server'] : [named],
);

/** A real Redis on loopback without persistence. It can be killed and restarted on its port. */
export class RedisServer implements AsyncDisposable {
  readonly port: number;
  readonly #args: readonly string[];
  readonly #folder = tempDir();
  #process: ChildProcess | undefined;

  private constructor(port: number, args: readonly string[]) {
    this.port = port;
    this.#args = args;
  }

  /** @param args further arguments, as in `--requirepass secret` */
  static async start(args: readonly string[] = [], port?: number): Promise<RedisServer> {
    const server = new RedisServer(port ?? (await freePort()), args);
    await server.start();
    return server;
  }

  get pid(): number {
    if (this.#process?.pid === undefined) throw new Error('Redis is not running');
    return this.#process.pid;
  }

  /** Starts or restarts the server, and resolves when it accepts connections. */
  async start(): Promise<void> {
    if (!redisServer.isMet) throw new Error('no redis-server or valkey-server on PATH');
    const base = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.#process = spawn(redisServer.path, [...base, ...this.#args], {
      stdio: ['ignore', 'pipe', 'ignore'],
      cwd: this.#folder.path,
    });
    await acceptsConnections(this.#process);
  }

  /** Ends the server at once, like a crash, unless another signal is given. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const running = this.#process;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill(signal);
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.#folder[Symbol.dispose]();
  }
}

/**
 * Waits for the server's own log line: another program could accept a connection on the port.
 * @throws Error with the server's log if it ends
 */
export async function acceptsConnections(server: ChildProcess): Promise<void> {
  let log = '';
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.stdout?.setEncoding('utf8').on('data', (text: string) => {
    log += text;
    if (log.includes('Ready to accept connections')) resolve();
  });
  const late = setTimeout(() => reject(new Error(`Redis is not up within 30 s:\n${log}`)), 30_000);
  server.once('exit', (code) => reject(new Error(`Redis ended with ${code}:\n${log}`)));
  await promise.finally(() => clearTimeout(late));
}
