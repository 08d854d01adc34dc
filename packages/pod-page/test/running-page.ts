import { join } from 'node:path';
import { type RunningProgram, startProgram } from '@pod-patterns/kit/testing/program';

const source = join(import.meta.dirname, '../src/main.ts');

export interface SeenContainer {
  readonly name: string;
  readonly role: string;
  readonly state: string;
  readonly since: string;
  readonly summary: string;
  readonly figures: Readonly<Record<string, unknown>>;
  readonly figuresAt?: string;
  readonly lastError?: { readonly at: string; readonly text: string };
}

export interface SeenPod {
  readonly containers: readonly SeenContainer[];
  readonly flows: ReadonlyArray<{
    readonly from: string;
    readonly to: string;
    readonly rate?: number;
    readonly isMoving: boolean;
  }>;
  readonly backends: ReadonlyArray<{ readonly name: string; readonly state: string }>;
}

/** pod-page as a real process on free ports. */
export class RunningPage implements AsyncDisposable {
  readonly program: RunningProgram;
  readonly url: string;
  readonly adminUrl: string;

  private constructor(program: RunningProgram, { url, adminUrl }: { url: string; adminUrl: string }) {
    this.program = program;
    this.url = url;
    this.adminUrl = adminUrl;
  }

  /** Starts it with these containers and resolves when it listens. */
  static async start(
    containers: readonly string[],
    {
      args = [],
      entry = source,
      listen = '127.0.0.1:0',
    }: { args?: readonly string[]; entry?: string; listen?: string } = {},
  ): Promise<RunningPage> {
    const shown = containers.map((container) => `--container=${container}`);
    const own = [`--listen=${listen}`, '--admin-listen=127.0.0.1:0'];
    const program = startProgram(entry, [...own, ...shown, ...args]);
    const address = async (msg: string) => `http://${(await program.waitForLog(msg))['address']}`;
    try {
      const [url, adminUrl] = await Promise.all([address('listening'), address('admin port open')]);
      return new RunningPage(program, { url, adminUrl });
    } catch (error) {
      await program[Symbol.asyncDispose]();
      throw error;
    }
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(this.url + path, init);
  }

  async pod(): Promise<SeenPod> {
    return JSON.parse(await (await this.fetch('/api/pod')).text());
  }

  async container(name: string): Promise<SeenContainer | undefined> {
    return (await this.pod()).containers.find((container) => container.name === name);
  }

  /** Reads server-sent events until `until` returns true, and hangs up. */
  async events(path: string, until: (text: string) => boolean): Promise<string> {
    const hangUp = new AbortController();
    const response = await this.fetch(path, { signal: hangUp.signal });
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (until(text)) break;
    }
    hangUp.abort();
    return text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
  }
}
