import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';

/** A program that can be measured. */
export interface Contestant {
  readonly name: string;
  readonly command: (port: number, adminPort: number) => readonly [string, ...string[]];
}

/** The same program with further flags. */
export function withFlags({ name, command }: Contestant, ...more: readonly string[]): Contestant {
  return { name, command: (port, adminPort) => [...command(port, adminPort), ...more] };
}

const root = join(import.meta.dirname, '../..');
const bundle = join(root, 'packages/statsd-adaptor/dist/statsd-adaptor.js');
const buffer = String(8 << 20);
/** As the image starts Node. */
const heap = '--max-semi-space-size=4';

export const protobuf =
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';

function flags(port: number, adminPort: number): string[] {
  return [
    `--statsd.listen-udp=127.0.0.1:${port}`,
    `--statsd.listen-tcp=127.0.0.1:${port}`,
    `--web.listen-address=127.0.0.1:${adminPort}`,
    `--statsd.read-buffer=${buffer}`,
  ];
}

export const adaptor: Contestant = {
  name: 'statsd-adaptor',
  command: (port, adminPort) => {
    if (!existsSync(bundle)) throw new Error('run `make build` first');
    return [process.execPath, heap, bundle, ...flags(port, adminPort)];
  },
};

export const floor: Contestant = {
  name: 'bare Node loop',
  command: (port, adminPort) => [
    process.execPath,
    join(import.meta.dirname, 'floor.ts'),
    String(port),
    String(adminPort),
  ],
};

/** statsd_exporter, if `STATSD_EXPORTER_BIN` is set. */
export function exporter(): Contestant | undefined {
  const binary = process.env['STATSD_EXPORTER_BIN'];
  if (binary === undefined || binary === '') return undefined;
  return { name: 'statsd_exporter', command: (port, adminPort) => [binary, ...flags(port, adminPort)] };
}

/** A running contestant. */
export class Running implements AsyncDisposable {
  readonly port: number;
  /** From the start of the process to its first answer. */
  startMs = 0;
  readonly #adminPort: number;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, port: number, adminPort: number) {
    this.#process = process;
    this.port = port;
    this.#adminPort = adminPort;
  }

  static async start(contestant: Contestant): Promise<Running> {
    const [port, adminPort] = [await freePort(), await freePort()];
    const [program, ...args] = contestant.command(port, adminPort);
    const startedAt = performance.now();
    const running = new Running(
      spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] }),
      port,
      adminPort,
    );
    running.#process.stderr?.resume();
    await eventually(() => running.linesReceived().then(() => true), { everyMs: 2 });
    running.startMs = performance.now() - startedAt;
    return running;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  async scrape(accept = 'text/plain'): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${this.#adminPort}/metrics`, {
      headers: { 'accept-encoding': 'identity', accept },
    });
    return response.text();
  }

  async linesReceived(): Promise<number> {
    const text = await this.scrape();
    return Number(/^statsd_exporter_lines_total (.+)$/m.exec(text)?.[1]);
  }

  /** Waits until no more lines arrive; returns their number. */
  async settled(): Promise<number> {
    let before = -1;
    return eventually(
      async () => {
        const now = await this.linesReceived();
        const isStill = now === before;
        before = now;
        return isStill ? now : undefined;
      },
      { timeoutMs: 60_000, everyMs: 200 },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}
