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

/** The whole pod as processes, in a folder of its own, driven by the programs behind `make up` and `make down`. */
export class Pod implements Disposable {
  readonly #temporary = tempDir();
  readonly #root: string;
  readonly folder: string;

  /** @param root the checkout whose pod it is; another one than ours has its pod's folder in it */
  constructor(root = checkout) {
    this.#root = root;
    this.folder = root === checkout ? this.#temporary.file('pod') : join(root, '.pod');
  }

  up(): Ran {
    return this.#run('up.ts');
  }

  /** With `--all` as `make clean` runs it. */
  down(...args: readonly '--all'[]): Ran {
    return this.#run('down.ts', ...args);
  }

  /** As `down`, without holding up what this process does meanwhile; resolves with the exit code. */
  async downWhileRunning(): Promise<number | null> {
    return (await this.run('down').ended).status;
  }

  /** Runs one of the programs beside this process, in a group of its own as a terminal's job. */
  run(script: 'up' | 'down' | 'logs', env: Readonly<Record<string, string>> = {}): Job {
    return new Job(join(this.#root, `scripts/pod/${script}.ts`), { ...env, POD_DIR: this.folder });
  }

  /** The processes of this machine that work below the folder, known to anybody or not (Linux). */
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

  /** Where its picture is. */
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

  /** The records that the shipper has delivered so far. */
  shipped(): Array<Record<string, unknown>> {
    const lines = readFileSync(join(this.folder, 'shipped/records.ndjson'), 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
  }

  log(name: string): Array<Record<string, unknown>> {
    const lines = readFileSync(join(this.folder, 'log', `${name}.log`), 'utf8').split('\n');
    return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  }

  /** How to log in to Redis as the application does. */
  get redisLogin() {
    const password = readFileSync(redisPasswordFile(this.folder), 'utf8');
    return { ...this.state.redis, username: 'app', password };
  }

  /** Ends Redis as a crash would. */
  async killRedis(): Promise<void> {
    const redis = this.process('redis');
    process.kill(redis.pid, 'SIGKILL');
    await eventually(() => !isRunning(redis));
  }

  /** Starts Redis again where it was, once its port is free; `down` then stops this one. */
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

/** A program that runs beside the test, and what it has printed so far. */
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

  /** Signals its whole group, as a terminal does. */
  async stop(signal: NodeJS.Signals): Promise<Ran> {
    process.kill(-this.pid, signal);
    return this.ended;
  }
}
