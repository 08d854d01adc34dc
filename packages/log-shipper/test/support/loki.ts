import type { ServerResponse } from 'node:http';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { type Behaviour, type ReceivedRequest, Receiver, type Reply } from './receiver.ts';

/** An entry that Loki has accepted. */
export interface LokiEntry {
  readonly labels: Readonly<Record<string, string>>;
  /** Nanoseconds since 1970. */
  readonly time: bigint;
  readonly line: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Limits as in Loki's `limits_config`, with its defaults. */
export interface LokiLimits {
  maxLineSize: number;
  maxLabelNames: number;
  rejectOldSamplesMaxAgeMs: number;
  /** In bytes of lines: a larger push always gets 429. */
  burst: number;
  /** Whether pushes without a tenant get 401. */
  authEnabled: boolean;
}

interface PushBody {
  readonly streams: ReadonlyArray<{
    readonly stream: Readonly<Record<string, string>>;
    readonly values: ReadonlyArray<readonly [string, string, Readonly<Record<string, string>>?]>;
  }>;
}

/** Answers a push in place of Loki; undefined passes it on to Loki. */
export type Gateway = (...args: Parameters<Behaviour>) => Reply | undefined;

const hourMs = 3_600_000;
const creationGraceMs = 600_000;

/**
 * A fake of Loki's push API. It answers 400 for invalid entries after accepting the rest of the push,
 * and silently drops an entry whose time and line it already has.
 */
export class FakeLoki implements AsyncDisposable {
  /** Entries in the order in which they were accepted. */
  readonly entries: LokiEntry[] = [];
  /** Number of entries that it already had. */
  dropped = 0;
  /** Bodies of the pushes, as text. */
  readonly pushes: string[] = [];
  readonly tenants = new Set<string | undefined>();
  /** Content encodings of the pushes. */
  readonly encodings = new Set<string | undefined>();
  readonly limits: LokiLimits = {
    maxLineSize: 262_144,
    maxLabelNames: 15,
    rejectOldSamplesMaxAgeMs: 7 * 24 * hourMs,
    burst: 6_000_000,
    authEnabled: false,
  };
  /** A proxy in front of Loki that may answer a push itself. */
  gateway: Gateway | undefined;
  readonly #receiver: Receiver;
  readonly #known = new Set<string>();
  readonly #highest = new Map<string, bigint>();

  private constructor(receiver: Receiver) {
    this.#receiver = receiver;
    receiver.behaviour = (request, response) => {
      const reply = this.gateway?.(request, response);
      if (reply !== undefined) return reply;
      const { status, text } = this.#push(request, response);
      response.writeHead(status, status === 429 ? { 'retry-after': '1' } : {}).end(text);
      return 'handled';
    };
  }

  static async start(port = 0): Promise<FakeLoki> {
    return new FakeLoki(await Receiver.start(port));
  }

  get port(): number {
    return this.#receiver.port;
  }

  get url(): string {
    return `loki+http://127.0.0.1:${this.port}`;
  }

  /** A file's lines in the order in which Grafana shows them. */
  linesOf(file: string): string[] {
    const entries = this.entries.filter(({ labels }) => labels['file'] === file);
    return entries.sort((a, b) => Number(a.time - b.time)).map(({ line }) => line);
  }

  async received(count: number): Promise<void> {
    await eventually(() => this.entries.length >= count, { timeoutMs: 30_000 }).catch(() => {
      throw new Error(`${this.entries.length} of ${count} entries`);
    });
  }

  disconnected(): Promise<void> {
    return this.#receiver.disconnected();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#receiver[Symbol.asyncDispose]();
  }

  #push({ headers, body }: ReceivedRequest, { req }: ServerResponse): { status: number; text: string } {
    if (req.url !== '/loki/api/v1/push') return { status: 404, text: '404 page not found' };
    const tenant = headers['x-scope-orgid'];
    if (this.limits.authEnabled && tenant === undefined) return { status: 401, text: 'no org id' };
    this.tenants.add(tenant?.toString());
    this.encodings.add(headers['content-encoding']);
    const encoding = headers['content-encoding'] ?? 'gzip';
    if (encoding !== 'gzip') return { status: 400, text: `Content-Encoding "${encoding}" not supported` };
    if (headers['content-type'] !== 'application/json') return { status: 400, text: 'snappy: corrupt input' };
    this.pushes.push(body.toString());
    const { streams }: PushBody = JSON.parse(body.toString());
    const size = streams.flatMap(({ values }) => values).reduce((sum, [, line]) => sum + line.length, 0);
    if (size > this.limits.burst) return { status: 429, text: 'Ingestion rate limit exceeded for user fake' };
    const refusals = streams.flatMap(({ stream, values }) => {
      const name = nameOf(stream);
      const count = Object.keys(stream).length;
      const limit = this.limits.maxLabelNames;
      if (count > limit) return [`entry for stream '${name}' has ${count} label names; limit ${limit}`];
      return values.flatMap(([time, line]) => this.#validate({ time: BigInt(time), line }, name) ?? []);
    });
    const ignored = streams.flatMap((stream) => this.#append(stream));
    if (ignored.length > 0) return { status: 400, text: ignored.join(', ') };
    return refusals.length === 0 ? { status: 204, text: '' } : { status: 400, text: grouped(refusals) };
  }

  /** The distributor: the reason to refuse an entry, or undefined. */
  #validate({ time, line }: Pick<LokiEntry, 'time' | 'line'>, stream: string): string | undefined {
    const { maxLineSize, rejectOldSamplesMaxAgeMs } = this.limits;
    const ms = Number(time / 1_000_000n);
    const oldestMs = Date.now() - rejectOldSamplesMaxAgeMs;
    const length = Buffer.byteLength(line);
    if (ms < oldestMs) {
      return `entry for stream '${stream}' has timestamp too old: ${second(ms)}, oldest acceptable timestamp is: ${second(oldestMs)}`;
    }
    if (ms > Date.now() + creationGraceMs) {
      return `entry for stream '${stream}' has timestamp too new: ${second(ms)}`;
    }
    if (length <= maxLineSize) return undefined;
    return `Max entry size '${maxLineSize}' bytes exceeded for stream '${stream}' while adding an entry with length '${length}' bytes`;
  }

  /** The ingester: keeps valid entries that are not too far behind, and returns messages about ignored ones. */
  #append({ stream, values }: PushBody['streams'][number]): string[] {
    const name = nameOf(stream);
    if (Object.keys(stream).length > this.limits.maxLabelNames) return [];
    const handedOn = values
      .map(([time, line, metadata = {}]) => ({ labels: stream, time: BigInt(time), line, metadata }))
      .filter((entry) => this.#validate(entry, name) === undefined);
    const ignored: string[] = [];
    for (const entry of handedOn) {
      const highest = this.#highest.get(name) ?? 0n;
      if (entry.time < highest - BigInt(hourMs) * 1_000_000n) {
        ignored.push(
          `entry with timestamp ${goTime(entry.time)} ignored, reason: 'entry too far behind, entry timestamp is: ${second(Number(entry.time / 1_000_000n))}, oldest acceptable timestamp is: x',\n`,
        );
        continue;
      }
      if (entry.time > highest) this.#highest.set(name, entry.time);
      const key = `${name} ${entry.time} ${entry.line}`;
      if (this.#known.has(key)) this.dropped++;
      else this.entries.push(entry);
      this.#known.add(key);
    }
    if (ignored.length === 0) return [];
    const total = `user 'fake', total ignored: ${ignored.length} out of ${handedOn.length} for stream: ${name}`;
    return [ignored.slice(0, 10).join('') + total];
  }
}

/** Formats a time as Go prints it. */
function goTime(nanoseconds: bigint): string {
  const [date, clock] = second(Number(nanoseconds / 1_000_000n))
    .slice(0, -1)
    .split('T');
  const fraction = String(nanoseconds % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${date} ${clock}${fraction === '' ? '' : `.${fraction}`} +0000 UTC`;
}

function nameOf(labels: LokiEntry['labels']): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{${pairs.sort().join(', ')}}`;
}

function second(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Groups refusals in one answer as Loki does. */
function grouped(refusals: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const refusal of refusals) counts.set(refusal, (counts.get(refusal) ?? 0) + 1);
  if (refusals.length === 1) return refusals.join();
  return [...counts].map(([refusal, count]) => `${count} errors like: ${refusal}`).join('; ');
}
