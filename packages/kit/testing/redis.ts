import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { eventually } from './eventually.ts';
import { requireBinary } from './find-binary.ts';
import { freePort } from './free-port.ts';

/** The Redis or Valkey server of this machine (`REDIS_SERVER_BIN` first), or undefined; an error where `CI=true`. */
export function redisServerBinary(): string | undefined {
  return process.env['REDIS_SERVER_BIN'] ?? requireBinary('redis-server', 'valkey-server');
}

/** A real Redis on loopback that keeps nothing on disk. It can be killed and started again on its port. */
export class RedisServer implements AsyncDisposable {
  readonly port: number;
  readonly #args: readonly string[];
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

  /** Starts it (again) and resolves when it accepts connections. */
  async start(): Promise<void> {
    const binary = redisServerBinary();
    if (binary === undefined) throw new Error('no redis-server or valkey-server on PATH');
    const base = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.#process = spawn(binary, [...base, ...this.#args], { stdio: 'ignore', cwd: '/tmp' });
    await eventually(() => accepts(this.port));
  }

  /** Ends it at once, as a crash would, unless another signal is named. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const running = this.#process;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill(signal);
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => done(true)).once('error', () => done(false));
  });
}
