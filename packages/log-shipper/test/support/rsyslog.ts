import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { installed } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';

export const rsyslogd = installed('rsyslogd');

type Input = 'imtcp' | 'imptcp' | 'imudp';

/** A message as rsyslog parsed it. */
export interface RsyslogRecord {
  readonly msg: string;
  readonly app: string;
  readonly facility: string;
  readonly severity: string;
  readonly file: string;
}

/** A real rsyslog on loopback that writes each parsed message as JSON. */
export class Rsyslog implements AsyncDisposable {
  readonly port: number;
  readonly #folder = tempDir();
  readonly #input: Input;
  #process: ChildProcess | undefined;

  private constructor(port: number, input: Input) {
    this.port = port;
    this.#input = input;
  }

  static async start(input: Input): Promise<Rsyslog> {
    const rsyslog = new Rsyslog(await freePort(), input);
    writeFileSync(rsyslog.#folder.file('rsyslog.conf'), rsyslog.#config());
    await rsyslog.start();
    return rsyslog;
  }

  get records(): RsyslogRecord[] {
    const out = this.#folder.file('out');
    if (!existsSync(out)) return [];
    // rsyslog may still be writing the last line
    const whole = readFileSync(out, 'utf8').split('\n').slice(0, -1);
    return whole.map((text) => {
      const { sd, ...record } = JSON.parse(text);
      return { ...record, file: /file="([^"]*)"/.exec(sd)?.[1] };
    });
  }

  async start(): Promise<void> {
    const at = (name: string) => this.#folder.file(name);
    const args = ['-n', '-i', at('pid'), '-f', at('rsyslog.conf')];
    this.#process = spawn(rsyslogd.path, args, { stdio: 'ignore' });
    if (this.#input === 'imudp') await eventually(() => existsSync(at('pid')));
    else await eventually(() => accepts(this.port));
  }

  async stop(): Promise<void> {
    const running = this.#process;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.#folder[Symbol.dispose]();
  }

  #config(): string {
    const field = (name: string, property: string) =>
      `property(outname="${name}" name="${property}" format="jsonf")`;
    const named = [
      ...[field('msg', 'msg'), field('app', 'app-name'), field('facility', 'syslogfacility-text')],
      ...[field('severity', 'syslogseverity-text'), field('sd', 'structured-data')],
    ];
    return `global(workDirectory="${this.#folder.path}")
module(load="${this.#input}")
template(name="json" type="list" option.jsonf="on") { ${named.join(' ')} }
ruleset(name="all") { action(type="omfile" file="${this.#folder.file('out')}" template="json") }
input(type="${this.#input}" port="${this.port}" address="127.0.0.1" ruleset="all")
`;
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
