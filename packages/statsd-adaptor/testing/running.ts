import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, isIPv6, type Socket } from 'node:net';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { type RunningProgram, startProgram } from '@pod-patterns/kit/testing/program';

const entry = join(import.meta.dirname, '../src/main.ts');

/** Starts the program itself, not as a service, for a run that ends by itself. */
export function runAdaptor(args: readonly string[], env: Record<string, string> = {}): RunningProgram {
  return startProgram(entry, args, env);
}

/** The adaptor as a real process on free ports of loopback. */
export class RunningAdaptor implements AsyncDisposable {
  readonly program: RunningProgram;
  readonly url: string;
  readonly udpPort: number;
  readonly #tcpPort: number;
  readonly #host: string;

  private constructor(
    program: RunningProgram,
    ports: { readonly admin: number; readonly udp: number; readonly tcp: number },
    host: string,
  ) {
    this.#host = host;
    this.program = program;
    this.url = `http://127.0.0.1:${ports.admin}`;
    this.udpPort = ports.udp;
    this.#tcpPort = ports.tcp;
  }

  /** @param host to send StatsD to */
  static async start(args: readonly string[] = [], host = '127.0.0.1'): Promise<RunningAdaptor> {
    const listen = ['--statsd.listen-udp', '--statsd.listen-tcp', '--web.listen-address'];
    const free = listen.filter((flag) => !args.some((arg) => arg.startsWith(flag)));
    const program = runAdaptor([...free.map((flag) => `${flag}=127.0.0.1:0`), ...args]);
    const port = async (msg: string, protocol?: string) => {
      const where = (line: Record<string, unknown>) =>
        protocol === undefined || line['protocol'] === protocol;
      const { address } = await program.waitForLog(msg, { where });
      return Number(String(address).split(':').at(-1));
    };
    const [admin, udp, tcp] = [
      await port('admin port open'),
      await port('listening', 'udp'),
      await port('listening', 'tcp'),
    ];
    await program.waitForLog('started');
    return new RunningAdaptor(program, { admin, udp, tcp }, host);
  }

  /** Sends datagrams and returns when the kernel has them. */
  async send(...datagrams: ReadonlyArray<string | Uint8Array>): Promise<void> {
    const socket = createSocket(isIPv6(this.#host) ? 'udp6' : 'udp4');
    for (const datagram of datagrams) {
      await new Promise((done) => socket.send(datagram, this.udpPort, this.#host, done));
    }
    const closed = once(socket, 'close');
    socket.close();
    await closed;
  }

  async connect(): Promise<Socket> {
    const socket = connect(this.#tcpPort, this.#host);
    await once(socket, 'connect');
    return socket;
  }

  /** Sends over a connection and returns when the adaptor has closed it, having read all. */
  async sendStream(...pieces: ReadonlyArray<string | Uint8Array>): Promise<void> {
    const socket = await this.connect();
    const closed = once(socket, 'close');
    for (const piece of pieces) if (!socket.write(piece)) await once(socket, 'drain');
    socket.end();
    socket.resume();
    await closed;
  }

  async scrape(): Promise<string> {
    const response = await fetch(`${this.url}/metrics`);
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    return response.text();
  }

  /** The value of one sample, by the source text of its name and labels; undefined if absent. */
  async value(sample: string): Promise<number | undefined> {
    const line = (await this.scrape()).split('\n').find((each) => each.startsWith(`${sample} `));
    return line === undefined ? undefined : Number(line.slice(sample.length + 1));
  }

  /** Resolves when the sample has this value. */
  async waitFor(sample: string, value: number): Promise<void> {
    await eventually(async () => (await this.value(sample)) === value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
  }
}
