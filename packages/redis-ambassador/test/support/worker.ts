import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Programs and jobs in other languages. */
const folder = join(import.meta.dirname, '../workers');

/** A program of a client library in its own process group, ended with all its children. */
export class Worker implements AsyncDisposable {
  /** Lines of stdout and stderr. */
  readonly lines: string[] = [];
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  #wake: () => void = () => {};
  #taken = 0;

  constructor(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#process = spawn(command, args, {
      cwd: folder,
      detached: true,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...env },
      stdio: 'pipe',
    });
    this.#ended = once(this.#process, 'close').finally(() => this.#wake());
    for (const stream of [this.#process.stdout, this.#process.stderr]) this.#read(stream);
  }

  #read(stream: ChildProcess['stdout']): void {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      this.lines.push(...lines);
      this.#wake();
    });
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Resolves with the next line that contains this text. */
  async line(pattern: RegExp): Promise<string> {
    for (;;) {
      const at = this.lines.findIndex((line, index) => index >= this.#taken && pattern.test(line));
      if (at >= 0) {
        this.#taken = at + 1;
        return this.lines[at] ?? '';
      }
      if (!this.isRunning) throw new Error(`ended before ${pattern}:\n${this.lines.join('\n')}`);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }

  /** Sends a line and resolves with the next line of output. */
  async ask(line: string): Promise<string> {
    this.#process.stdin?.write(`${line}\n`);
    return this.line(/./);
  }

  /** @throws Error unless it exits with 0 */
  async end(): Promise<void> {
    await this.#ended;
    if (this.#process.exitCode !== 0) throw new Error(this.lines.join('\n'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.isRunning) return;
    process.kill(-(this.#process.pid ?? 0), 'SIGKILL');
    await this.#ended;
  }
}
