import { join } from 'node:path';
import { type RunningProgram, startProgram } from '@pod-patterns/kit/testing/program';

const source = join(import.meta.dirname, '../../src/main.ts');
/** The bundle from `make build`, which the image runs. */
export const bundle = join(import.meta.dirname, '../../dist/redis-ambassador.js');

/** The ambassador as a real process, on free ports. */
export class Ambassador implements AsyncDisposable {
  readonly program: RunningProgram;
  readonly port: number;
  readonly adminPort: number;

  private constructor(program: RunningProgram, port: number, adminPort: number) {
    this.program = program;
    this.port = port;
    this.adminPort = adminPort;
  }

  static async start(
    upstream: string | number,
    args: readonly string[] = [],
    { env = {}, entry = source }: { env?: Readonly<Record<string, string>>; entry?: string } = {},
  ): Promise<Ambassador> {
    const url = typeof upstream === 'number' ? `redis://127.0.0.1:${upstream}` : upstream;
    const ports = ['--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0'];
    const program = startProgram(entry, [...ports, '--upstream', url, ...args], env);
    const admin = await program.waitForLog('admin port open');
    const listening = await program.waitForLog('listening');
    return new Ambassador(program, portOf(listening['address']), portOf(admin['address']));
  }

  /** A JSON answer of its admin port. */
  async admin<Answer>(path: string): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${this.adminPort}${path}`);
    return (await response.json()) as Answer; // the caller knows the type of this path's answer
  }

  /** A sample of `/metrics`, by its name and labels as written there. */
  async metric(sample: string): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${this.adminPort}/metrics`);
    const line = (await response.text()).split('\n').find((text) => text.startsWith(`${sample} `));
    if (line === undefined) throw new Error(`no sample ${sample}`);
    return Number(line.slice(sample.length + 1));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.program[Symbol.asyncDispose]();
  }
}

function portOf(address: unknown): number {
  return Number(String(address).split(':').at(-1));
}
