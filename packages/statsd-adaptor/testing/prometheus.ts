import { writeFileSync } from 'node:fs';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { installed } from '@pod-patterns/kit/testing/needs';
import { RunningProgram } from '@pod-patterns/kit/testing/program';
import type { tempDir } from '@pod-patterns/kit/testing/temp-dir';

interface Answer {
  readonly data: {
    readonly result: ReadonlyArray<{ readonly value: readonly [seconds: number, text: string] }>;
  };
}

export const prometheus = installed('prometheus');

/** A Prometheus that scrapes one target twice a second, with its data in a folder of the test. */
export class RunningPrometheus implements AsyncDisposable {
  readonly #program: RunningProgram;
  readonly #port: number;

  private constructor(program: RunningProgram, port: number) {
    this.#program = program;
    this.#port = port;
  }

  /** Resolves when it has scraped the target. */
  static async start(
    dir: ReturnType<typeof tempDir>,
    target: string,
    flags: readonly string[] = [],
  ): Promise<RunningPrometheus> {
    const port = await freePort();
    const config = dir.file('prometheus.yml');
    writeFileSync(
      config,
      `global: { scrape_interval: 500ms }\nscrape_configs: [{ job_name: adaptor, static_configs: [{ targets: ["${target}"] }] }]`,
    );
    const program = new RunningProgram(prometheus.path, [
      `--config.file=${config}`,
      `--storage.tsdb.path=${dir.path}`,
      `--web.listen-address=127.0.0.1:${port}`,
      ...flags,
    ]);
    const running = new RunningPrometheus(program, port);
    await eventually(async () => (await running.query('up{job="adaptor"}'))[0] === '1', {
      timeoutMs: 30_000,
    });
    return running;
  }

  /** The values of an instant query, once there are any: a scrape that took too long leaves a gap. */
  readonly query = (expression: string): Promise<string[]> =>
    eventually(async () => {
      const url = `http://127.0.0.1:${this.#port}/api/v1/query?query=${encodeURIComponent(expression)}`;
      const { data } = (await (await fetch(url)).json()) as Answer; // Prometheus' form
      return data.result.length === 0 ? undefined : data.result.map(({ value }) => value[1]);
    });

  /** Its warnings about scrapes. */
  scrapeFaults(): string[] {
    return this.#program.stderr.filter((line) => /level=(?:warn|error).*scrape/i.test(line));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }
}
