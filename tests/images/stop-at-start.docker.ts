import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { describe, expect, it } from 'vitest';
import { imageOf, restricted } from './docker.ts';

const run = promisify(execFile);

/** Programs with arguments to run until they are stopped. */
const programs = [
  { name: 'web', args: ['--log-dir', '/tmp'] },
  { name: 'log-shipper', args: ['--paths', '/tmp/*.log', '--sink', 'stdout:', '--state-dir', '/tmp'] },
  { name: 'statsd-adaptor', args: [] },
  { name: 'redis-ambassador', args: ['--upstream', 'redis://127.0.0.1:6380'] },
  { name: 'pod-page', args: [] },
  { name: 'wait-for', args: ['tcp://127.0.0.1:1'] },
] as const;

/** Holds Node before the program's first line. */
const standsStill = 'data:text/javascript,process._rawDebug(`booting`);for(;;);';

/** Far above the time of a stop: only a container that missed the signal is killed (137). */
const killTimeoutSeconds = 30;

class Container implements AsyncDisposable {
  readonly #id: string;

  private constructor(id: string) {
    this.#id = id;
  }

  static async start(...args: readonly string[]): Promise<Container> {
    const { stdout } = await run('docker', ['run', '--detach', ...restricted, ...args]);
    return new Container(stdout.trim());
  }

  /** Resolves when PID 1 is the init and can be signalled: see ADR 6. */
  async untilItsInitRuns(): Promise<void> {
    await eventually(async () => (await this.#docker('top')).includes('tini'), { everyMs: 1 });
  }

  async untilItLogs(text: string): Promise<void> {
    const logs = async () => (await run('docker', ['logs', this.#id])).stderr;
    await eventually(async () => (await logs()).includes(text));
  }

  /** Sends the signal; resolves with the container's exit code, 137 if it was killed. */
  async stop(signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM'): Promise<number> {
    if (signal === 'SIGTERM') await this.#docker('stop', `--time=${killTimeoutSeconds}`);
    else await this.#docker('kill', `--signal=${signal}`);
    const { stdout } = await run('docker', ['wait', this.#id], { timeout: killTimeoutSeconds * 1000 });
    return Number(stdout);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#docker('rm', '--force');
  }

  async #docker(verb: string, ...flags: readonly string[]): Promise<string> {
    return (await run('docker', [verb, ...flags, this.#id])).stdout;
  }
}

describe.each(programs)('the image of $name', ({ name, args }) => {
  const volume = '--tmpfs=/tmp:uid=65532';

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('ends by %s while Node boots, with %i', async (signal, code) => {
    const boot = `--env=NODE_OPTIONS=--import=${standsStill}`;
    await using container = await Container.start(volume, boot, imageOf(name), ...args);
    await container.untilItLogs('booting');
    expect(await container.stop(signal)).toBe(code);
  });

  it('stops without a kill, however soon after its start the signal comes', async () => {
    const startAndStop = async (afterMs: number): Promise<number> => {
      await using container = await Container.start(volume, imageOf(name), ...args);
      await container.untilItsInitRuns();
      await delay(afterMs);
      return await container.stop();
    };
    const delays = [0, 20, 50, 100, 200, 400];
    const codes = await Promise.all(delays.map(startAndStop));
    console.log(`${name}, told ${delays.join(', ')} ms after its start, ended with ${codes.join(', ')}`);
    expect(codes.filter((code) => code !== 0 && code !== 143)).toEqual([]);
  });
});
