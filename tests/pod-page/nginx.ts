import { mkdirSync, writeFileSync } from 'node:fs';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { installed } from '@pod-patterns/kit/testing/needs';
import { RunningProgram } from '@pod-patterns/kit/testing/program';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';

export const nginx = installed('nginx', ['nginx', '/usr/sbin/nginx']);

/** An application of somebody else: it answers `/healthz`, and writes an access log. */
export class RunningNginx implements AsyncDisposable {
  readonly url: string;
  readonly logs: string;
  readonly #program: RunningProgram;
  readonly #dir: Disposable;

  private constructor(port: number, dir: ReturnType<typeof tempDir>) {
    this.#dir = dir;
    this.url = `http://127.0.0.1:${port}`;
    this.logs = dir.file('logs');
    mkdirSync(this.logs);
    const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${dir.path}/${name};`,
    );
    writeFileSync(
      dir.file('nginx.conf'),
      `daemon off; pid ${dir.path}/pid; error_log stderr; events {}
      http {
        access_log ${this.logs}/access.log;
        ${places.join(' ')}
        server { listen 127.0.0.1:${port}; location / { return 200 'ok'; } }
      }`,
    );
    this.#program = new RunningProgram(nginx.path, ['-e', 'stderr', '-c', dir.file('nginx.conf')]);
  }

  static async start(): Promise<RunningNginx> {
    return new RunningNginx(await freePort(), tempDir());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.stop('SIGTERM');
    this.#dir[Symbol.dispose]();
  }
}
