import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningProgram, startProgram } from '@pod-patterns/kit/testing/program';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';

const source = join(import.meta.dirname, '../src/main.ts');

/** web as a real process on free ports, with its own log folder. */
export class RunningWeb implements AsyncDisposable {
  readonly program: RunningProgram;
  readonly logDir: string;
  readonly url: string;
  readonly adminUrl: string;
  readonly #dir: Disposable;

  private constructor(
    program: RunningProgram,
    dir: ReturnType<typeof tempDir>,
    { url, adminUrl }: { url: string; adminUrl: string },
  ) {
    this.program = program;
    this.#dir = dir;
    this.logDir = dir.path;
    this.url = url;
    this.adminUrl = adminUrl;
  }

  /** Starts it and resolves when it listens. */
  static async start(
    env: Readonly<Record<string, string>> = {},
    { args = [], entry = source }: { args?: readonly string[]; entry?: string } = {},
  ): Promise<RunningWeb> {
    const dir = tempDir();
    const program = startProgram(entry, args, {
      LISTEN: '127.0.0.1:0',
      ADMIN_LISTEN: '127.0.0.1:0',
      // nobody listens on port 1: defaults must not reach other programs on this machine
      REDIS_URL: 'redis://127.0.0.1:1',
      STATSD: '127.0.0.1:1',
      LOG_DIR: dir.path,
      ...env,
    });
    const address = async (msg: string) => `http://${(await program.waitForLog(msg))['address']}`;
    try {
      const [url, adminUrl] = await Promise.all([address('listening'), address('admin port open')]);
      await program.waitForLog('started');
      return new RunningWeb(program, dir, { url, adminUrl });
    } catch (error) {
      await program[Symbol.asyncDispose]();
      dir[Symbol.dispose]();
      throw error;
    }
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(this.url + path, init);
  }

  admin(path: string, init?: RequestInit): Promise<Response> {
    return fetch(this.adminUrl + path, init);
  }

  /** Content of all files of a log, the oldest first. */
  logText(name: 'access' | 'app' | 'error'): string {
    return readdirSync(this.logDir)
      .filter((file) => file.startsWith(name))
      .sort((a, b) => numberOf(b) - numberOf(a))
      .map((file) => readFileSync(join(this.logDir, file), 'utf8'))
      .join('');
  }

  logLines(name: 'access' | 'app'): Array<Record<string, unknown>> {
    return this.logText(name)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
    this.#dir[Symbol.dispose]();
  }
}

/** `access.2.log` is older than `access.1.log`, and that older than `access.log`. */
function numberOf(file: string): number {
  return Number(/\.(\d+)\.log$/.exec(file)?.[1] ?? 0);
}
