import { existsSync, readFileSync } from 'node:fs';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { docker, imageOf, mustDocker, restricted } from '../images/docker.ts';

export interface LimitedOptions {
  readonly image: string;
  /** The manifest's memory limit, in MiB. */
  readonly memoryMiB: number;
  readonly args?: readonly string[];
  readonly flags?: readonly string[];
  readonly adminPort?: number;
}

/** State of a flooded container, from the engine. */
export interface Fate {
  readonly isRunning: boolean;
  readonly isOomKilled: boolean;
  readonly restarts: number;
  readonly startedAt: string;
}

/** One of our containers under the memory limit of its manifest, without swap; the engine restarts it after a kill. */
export class LimitedContainer implements Disposable {
  readonly id: string;
  readonly #adminPort: number;

  private constructor(id: string, adminPort: number) {
    this.id = id;
    this.#adminPort = adminPort;
  }

  /** Resolves when the container is live. */
  static async start(options: LimitedOptions): Promise<LimitedContainer> {
    const { image, memoryMiB, args = [], flags = [], adminPort = 0 } = options;
    const memory = [`--memory=${memoryMiB}m`, `--memory-swap=${memoryMiB}m`];
    const run = ['run', '--detach', '--restart=on-failure:3', ...memory, ...restricted, ...flags];
    const container = new LimitedContainer(mustDocker(...run, imageOf(image), ...args), adminPort);
    if (adminPort > 0) await eventually(() => container.isLive(), { timeoutMs: 60_000 });
    return container;
  }

  /** The container's address on Docker's network. */
  get address(): string {
    return this.#inspect('{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}');
  }

  get fate(): Fate {
    const format = '{{.State.Running}} {{.State.OOMKilled}} {{.RestartCount}} {{.State.StartedAt}}';
    const [running, oomKilled, restarts, startedAt = ''] = this.#inspect(format).split(' ');
    return {
      isRunning: running === 'true',
      isOomKilled: oomKilled === 'true',
      restarts: Number(restarts),
      startedAt,
    };
  }

  get log(): string {
    const { stdout, stderr } = docker('logs', this.id);
    return stdout + stderr;
  }

  /** Asks the admin port, with a long timeout, because the flood may slow the machine down. */
  async ask(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(`http://${this.address}:${this.#adminPort}${path}`, {
      signal: AbortSignal.timeout(30_000),
      headers: { connection: 'close' },
    });
    return { status: response.status, text: await response.text() };
  }

  async isLive(): Promise<boolean> {
    return (await this.ask('/livez')).status === 200;
  }

  /** Checks liveness until the flood is over; returns the number of successes. */
  async liveDuring(flood: Promise<unknown>): Promise<number> {
    let answers = 0;
    let isOver = false;
    const over = flood.finally(() => {
      isOver = true;
    });
    while (!isOver) if (await this.isLive()) answers++;
    await over;
    return answers;
  }

  /** The sum of a metric's samples whose lines begin with this text; 0 if there are none. */
  async metric(start: string): Promise<number> {
    const { text } = await this.ask('/metrics');
    const lines = text.split('\n').filter((line) => line.startsWith(start));
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  }

  /** Peak memory of its cgroup, in MiB; 0 if the engine's host does not report it. */
  get peakMiB(): number {
    const v1 = `/sys/fs/cgroup/memory/docker/${this.id}/memory.max_usage_in_bytes`;
    const v2 = `/sys/fs/cgroup/system.slice/docker-${this.id}.scope/memory.peak`;
    for (const file of [v1, v2]) {
      if (existsSync(file)) return Math.round(Number(readFileSync(file, 'utf8')) / 2 ** 20);
    }
    return 0;
  }

  [Symbol.dispose](): void {
    docker('rm', '--force', '--volumes', this.id);
  }

  #inspect(format: string): string {
    return mustDocker('inspect', `--format=${format}`, this.id);
  }
}
