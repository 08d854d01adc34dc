import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One of our programs as a real process with a JSON log. It is killed at the end of the scope. */
export class RunningProgram implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly ended: Promise<ProgramEnd>;
  /** Lines of stderr in order. */
  readonly stderr: string[] = [];
  stdout = '';
  readonly #waiting = new Set<() => void>();

  constructor(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string | undefined>> = {},
  ) {
    this.process = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    if (this.process.stderr !== null) {
      createInterface({ input: this.process.stderr }).on('line', (line) => {
        this.stderr.push(line);
        for (const wake of this.#waiting) wake();
      });
    }
    this.ended = once(this.process, 'close').then(([code, signal]) => {
      for (const wake of this.#waiting) wake();
      return { code, signal };
    });
  }

  get pid(): number {
    if (this.process.pid === undefined) throw new Error('not started');
    return this.process.pid;
  }

  /** Log lines that are JSON, parsed. */
  get log(): Array<Record<string, unknown>> {
    return this.stderr.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  }

  /** Resolves with the first log line, past or future, that has this `msg` and satisfies `where`. */
  waitForLog(
    msg: string,
    {
      where = () => true,
      timeoutMs = 30_000,
    }: { where?: (line: Record<string, unknown>) => boolean; timeoutMs?: number } = {},
  ): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        act();
      };
      const look = () => {
        const line = this.log.find((entry) => entry['msg'] === msg && where(entry));
        if (line !== undefined) return settle(() => resolve(line));
        if (this.process.exitCode !== null || this.process.signalCode !== null) {
          settle(() => reject(new Error(`ended before "${msg}":\n${this.stderr.join('\n')}`)));
        }
      };
      const timer = setTimeout(
        () =>
          settle(() => reject(new Error(`no "${msg}" within ${timeoutMs} ms:\n${this.stderr.join('\n')}`))),
        timeoutMs,
      );
      this.#waiting.add(look);
      look();
    });
  }

  /** Sends a signal and resolves with the exit code and signal. */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<ProgramEnd> {
    this.process.kill(signal);
    return this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.stop('SIGKILL');
  }
}

/** Starts the `src/main.ts` at this path under the current Node. */
export function startProgram(
  entry: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string | undefined>> = {},
): RunningProgram {
  return new RunningProgram(process.execPath, [entry, ...args], { LOG_FORMAT: 'json', ...env });
}
