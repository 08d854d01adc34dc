import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { acceptsConnections, redisServer } from '@pod-patterns/kit/testing/redis';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { isRunning, startOf } from '../../scripts/pod/process-id.ts';
import { redisArgs, redisPasswordFile } from '../../scripts/pod/redis.ts';
import { type PodProcess, type PodState, writeState } from '../../scripts/pod/state.ts';

const checkout = join(import.meta.dirname, '../..');

export interface Ran {
  readonly status: number | null;
  readonly output: string;
}

/** The whole pod as processes, in its own folder, driven by the programs of `make up` and `make down`. */
export class Pod implements Disposable {
  readonly #temporary = tempDir();
  readonly #root: string;
  readonly folder: string;

  /** @param root checkout of the pod; another checkout than ours contains its pod's folder */
  constructor(root = checkout) {
    this.#root = root;
    this.folder = root === checkout ? this.#temporary.file('pod') : join(root, '.pod');
  }

  up(): Ran {
    return this.#run('up.ts');
  }

  /** With `--all`, as in `make clean`. */
  down(...args: readonly '--all'[]): Ran {
    return this.#run('down.ts', ...args);
  }

  /** Like `down`, but without blocking this process; resolves with the exit code. */
  async downWhileRunning(): Promise<number | null> {
    return (await this.run('down').ended).status;
  }

  /** Runs one of the programs in its own process group, like a terminal's job. */
  run(script: 'up' | 'down' | 'logs', env: Readonly<Record<string, string>> = {}): Job {
    return new Job(join(this.#root, `scripts/pod/${script}.ts`), { ...env, POD_DIR: this.folder });
  }

  /** All processes of this machine that work below the folder, recorded or not (Linux). */
  get pids(): number[] {
    return readdirSync('/proc').flatMap((name) => {
      try {
        const isHere = /^\d+$/.test(name) && readlinkSync(`/proc/${name}/cwd`).startsWith(this.folder);
        return isHere ? [Number(name)] : [];
      } catch {
        return []; // it has ended, or it is another user's
      }
    });
  }

  get state(): PodState {
    return JSON.parse(readFileSync(join(this.folder, 'state.json'), 'utf8'));
  }

  /** URL of its page. */
  get pageUrl(): string {
    return `http://127.0.0.1:${this.state.ports.page}`;
  }

  process(name: string): PodProcess {
    const found = this.state.processes.find((process) => process.name === name);
    if (found === undefined) throw new Error(`no process ${name}`);
    return found;
  }

  port(name: string, port: string): number {
    return this.process(name).ports[port] ?? Number.NaN;
  }

  /** Records shipped so far. */
  shipped(): Array<Record<string, unknown>> {
    const lines = readFileSync(join(this.folder, 'shipped/records.ndjson'), 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
  }

  log(name: string): Array<Record<string, unknown>> {
    const lines = readFileSync(join(this.folder, 'log', `${name}.log`), 'utf8').split('\n');
    return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  }

  /** The application's login to Redis. */
  get redisLogin() {
    const password = readFileSync(redisPasswordFile(this.folder), 'utf8');
    return { ...this.state.redis, username: 'app', password };
  }

  /** Kills Redis, like a crash. */
  async killRedis(): Promise<void> {
    const redis = this.process('redis');
    process.kill(redis.pid, 'SIGKILL');
    await eventually(() => !isRunning(redis));
  }

  /** Starts Redis again on its port once that is free; `down` then stops it. */
  async restartRedis(): Promise<void> {
    const { redis } = this.state;
    const args = redisArgs(this.folder, redis.port);
    await eventually(async () => {
      const child = spawn(redisServer.path, args, { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
      const pid = child.pid ?? 0;
      const processes = this.state.processes.map((process) =>
        process.name === 'redis' ? { ...process, pid, start: startOf(pid) ?? 0 } : process,
      );
      writeState(this.folder, { ...this.state, processes });
      await acceptsConnections(child);
      return true;
    });
  }

  #run(script: string, ...args: readonly string[]): Ran {
    const ran = spawnSync(process.execPath, [join(this.#root, 'scripts/pod', script), ...args], {
      encoding: 'utf8',
      env: { ...process.env, POD_DIR: this.folder },
    });
    return { status: ran.status, output: ran.stdout + ran.stderr };
  }

  [Symbol.dispose](): void {
    this.down();
    this.#temporary[Symbol.dispose]();
  }
}

/** A program that runs beside the test, and its output so far. */
export class Job {
  readonly pid: number;
  readonly ended: Promise<Ran>;
  output = '';

  constructor(script: string, env: Readonly<Record<string, string>>) {
    const child = spawn(process.execPath, [script], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      detached: true,
    });
    this.pid = child.pid ?? Number.NaN;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    this.ended = once(child, 'close').then(([status]) => ({ status, output: this.output }));
  }

  /** Signals its whole group, like a terminal. */
  async stop(signal: NodeJS.Signals): Promise<Ran> {
    process.kill(-this.pid, signal);
    return this.ended;
  }
}
