import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { redisServer } from '@pod-patterns/kit/testing/redis';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { redisArgs, redisPasswordFile } from '../../scripts/pod/redis.ts';
import { isRunning, type PodProcess, type PodState, writeState } from '../../scripts/pod/state.ts';

const root = join(import.meta.dirname, '../..');

/** The whole pod as processes, in a folder of its own, driven by the programs behind `make up` and `make down`. */
export class Pod implements Disposable {
  readonly #folder = tempDir();
  readonly folder = join(this.#folder.path, 'pod');

  up(): { readonly status: number | null; readonly output: string } {
    return this.#run('up.ts');
  }

  down(): { readonly status: number | null; readonly output: string } {
    return this.#run('down.ts');
  }

  /** As `down`, without holding up what this process does meanwhile; resolves with the exit code. */
  async downWhileRunning(): Promise<number | null> {
    const child = spawn(process.execPath, [join(root, 'scripts/pod/down.ts')], {
      stdio: 'ignore',
      env: { ...process.env, POD_DIR: this.folder },
    });
    const [code] = await once(child, 'exit');
    return code;
  }

  get state(): PodState {
    return JSON.parse(readFileSync(join(this.folder, 'state.json'), 'utf8'));
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

  /** Starts Redis again where it was; `down` then stops this one. */
  restartRedis(): void {
    const { redis } = this.state;
    const args = redisArgs(this.folder, redis.port);
    const child = spawn(redisServer.path, args, { stdio: 'ignore', detached: true });
    const processes = this.state.processes.map((process) =>
      process.name === 'redis' ? { ...process, pid: child.pid ?? 0 } : process,
    );
    writeState(this.folder, { ...this.state, processes });
  }

  #run(script: string) {
    const ran = spawnSync(process.execPath, [join(root, 'scripts/pod', script)], {
      encoding: 'utf8',
      env: { ...process.env, POD_DIR: this.folder },
    });
    return { status: ran.status, output: ran.stdout + ran.stderr };
  }

  [Symbol.dispose](): void {
    this.down();
    this.#folder[Symbol.dispose]();
  }
}
