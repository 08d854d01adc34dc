import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** An object from the API server; the caller knows its type. */
export interface Listed<Item> {
  readonly items: readonly Item[];
}

/** kubectl for one cluster, independent of the current context; every call has a deadline. */
export class Kubectl implements Disposable {
  readonly #folder: string;
  readonly #namespace: string | undefined;

  private constructor(folder: string, namespace?: string) {
    this.#folder = folder;
    this.#namespace = namespace;
  }

  /** Takes a copy of one context, so that README commands without `--context` reach the same cluster. */
  static async of(context: string): Promise<Kubectl> {
    const view = ['config', 'view', '--minify', '--flatten', '--raw', `--context=${context}`];
    const { stdout } = await run('kubectl', view);
    const folder = mkdtempSync(join(tmpdir(), 'pod-patterns-e2e-'));
    writeFileSync(join(folder, 'config'), stdout, { mode: 0o600 });
    return new Kubectl(folder);
  }

  /** The same cluster, with every call in one namespace. */
  in(namespace: string): Kubectl {
    return new Kubectl(this.#folder, namespace);
  }

  /** Environment in which a program's own `kubectl` uses this cluster. */
  get environment(): Readonly<Record<string, string>> {
    return { KUBECONFIG: join(this.#folder, 'config') };
  }

  /** Runs kubectl. @returns stdout @throws Error with its stderr */
  async run(...args: readonly string[]): Promise<string> {
    return (await this.#run(args)).stdout;
  }

  /** Runs kubectl, which may fail. @returns its output */
  async try(...args: readonly string[]): Promise<string> {
    return this.run(...args).catch((error: unknown) => (error instanceof Error ? error.message : ''));
  }

  /** Runs a verb that reads objects from stdin, such as `apply`. @returns warnings, one per line */
  async send(objects: readonly object[], ...verb: readonly string[]): Promise<string> {
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    return (await this.#run([...verb, '-f', '-'], list)).stderr;
  }

  /** Posts an object to a path of the API, for requests without a verb of kubectl. */
  async post(path: string, object: object): Promise<void> {
    await this.#run(['create', '--raw', path, '-f', '-'], JSON.stringify(object));
  }

  /** Result of `kubectl get … -o json`. */
  async get<Value>(...args: readonly string[]): Promise<Value> {
    return JSON.parse(await this.run('get', ...args, '--output=json'));
  }

  /** Starts kubectl for a long-running command such as `logs --follow`, with a readable stdout. */
  start(...args: readonly string[]): ChildProcess {
    return spawn('kubectl', this.#all(args), {
      env: { ...process.env, ...this.environment },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #all(args: readonly string[]): string[] {
    return this.#namespace === undefined ? [...args] : ['--namespace', this.#namespace, ...args];
  }

  async #run(args: readonly string[], input?: string): Promise<{ stdout: string; stderr: string }> {
    const running = run('kubectl', this.#all(args), {
      cwd: root,
      env: { ...process.env, ...this.environment },
      timeout: 300_000,
      maxBuffer: 256 * 2 ** 20,
    });
    running.child.stdin?.end(input);
    try {
      const { stdout, stderr } = await running;
      return { stdout: stdout.trim(), stderr: stderr.trim() };
    } catch (cause) {
      const { stderr = '' } = cause as { stderr?: string }; // execFile puts it there
      throw new Error(`kubectl ${this.#all(args).join(' ')}: ${stderr.trim() || String(cause)}`, { cause });
    }
  }
}

/** Stops a started kubectl. */
export async function end(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  process.kill('SIGKILL');
  await once(process, 'exit');
}
