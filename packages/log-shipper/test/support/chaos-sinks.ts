import { setTimeout as delay } from 'node:timers/promises';
import { FluentReceiver } from './fluent.ts';
import { collector } from './otlp.ts';
import { type ReceivedRecord, type ReceivedRequest, Receiver } from './receiver.ts';
import { recordOf, SyslogReceiver } from './syslog.ts';

/** A backend that fails in every way its protocol has. */
export interface ChaosSink extends AsyncDisposable {
  readonly url: string;
  /** Records that it has taken, in order. */
  readonly records: readonly ReceivedRecord[];
  /** Number of records that it may have taken without an acknowledgement: the shipper may repeat them. */
  readonly unacknowledged: number;
  /** Number of records in the last attempt, whose acknowledgement a killed shipper may have missed. */
  readonly lastCount: number;
  fails: boolean;
  /** Resolves when all senders have disconnected and all their bytes are read. */
  disconnected(): Promise<void>;
}

/** One sink of each kind that acknowledges. */
export async function chaosSinks(random: () => number): Promise<ChaosSink[]> {
  const http = await Receiver.start();
  const { receiver: otlp, url: otlpUrl } = await collector();
  const loki = await Receiver.start();
  loki.read = ({ body }) => readPush(body);
  const elastic = await Receiver.start();
  elastic.read = ({ lines }) => lines.filter((_, index) => index % 2 === 1).map((line) => JSON.parse(line));
  return [
    overHttp(http, http.url, random),
    overHttp(loki, `loki+http://127.0.0.1:${loki.port}`, random),
    overHttp(elastic, `elasticsearch+http://127.0.0.1:${elastic.port}/logs-app-default`, random),
    overHttp(otlp, otlpUrl, random),
    overSyslog(await SyslogReceiver.start(), random),
    overFluent(await FluentReceiver.start(), random),
  ];
}

function readPush(body: Buffer): ReceivedRecord[] {
  const { streams }: { streams: Array<{ stream: { file: string }; values: string[][] }> } = JSON.parse(
    body.toString(),
  );
  return streams.flatMap(({ stream: { file }, values }) =>
    values.map(([, line = '']) => ({ ...JSON.parse(line), file, offset: 0 })),
  );
}

function overHttp(receiver: Receiver, url: string, random: () => number): ChaosSink {
  const countOf = (request: ReceivedRequest | undefined) =>
    request === undefined ? 0 : receiver.read(request).length;
  const sink = {
    ...{ url, records: receiver.records, unacknowledged: 0, fails: false },
    get lastCount() {
      return countOf(receiver.requests.at(-1));
    },
    disconnected: () => receiver.disconnected(),
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
  // only the Elasticsearch sink reads the body
  const taken = { status: 200, body: '{"errors":false}' };
  receiver.behaviour = async (request, response) => {
    const luck = sink.fails ? random() : 0;
    if (luck < 0.6) return taken;
    if (luck < 0.7) {
      await delay(random() * 100);
      return taken;
    }
    if (luck < 0.75) return 503;
    if (luck < 0.8) return { status: 429, headers: { 'retry-after': '1' } };
    if (luck < 0.85) return 401;
    if (luck < 0.92) {
      // taken, but the answer is lost
      receiver.accept(request);
      sink.unacknowledged += countOf(request);
    } else await delay(300);
    response.destroy();
    return 'handled';
  };
  return sink;
}

function overSyslog(receiver: SyslogReceiver, random: () => number): ChaosSink {
  const records: ReceivedRecord[] = [];
  const sink = {
    ...{ url: `${receiver.url}#timeout=2s&interval=20ms`, fails: false },
    get records() {
      records.push(...receiver.messages.slice(records.length).map(recordOf));
      return records;
    },
    /** All messages of connections that were not read to their end. */
    get unacknowledged() {
      return receiver.broken;
    },
    get lastCount() {
      return receiver.lastCount;
    },
    disconnected: () => receiver.disconnected(),
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
  receiver.behaviour = () => {
    const luck = sink.fails ? random() : 0;
    if (luck < 0.6) return 'read';
    if (luck < 0.7) return 'close';
    if (luck < 0.8) return 'reset';
    if (luck < 0.85) return 'hang';
    return luck < 0.9 ? 'never end' : Math.floor(random() * 100_000);
  };
  return sink;
}

function overFluent(receiver: FluentReceiver, random: () => number): ChaosSink {
  const sink = {
    ...{ url: `${receiver.url}#timeout=2s`, records: receiver.records, fails: false },
    get unacknowledged() {
      return receiver.unacknowledged;
    },
    get lastCount() {
      return receiver.lastCount;
    },
    disconnected: () => receiver.disconnected(),
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
  const failures = ['reset', 'taken, reset', 'half', 'wrong', 'hang', 'ack, close'] as const;
  receiver.behaviour = () => {
    const luck = sink.fails ? random() : 0;
    return luck < 0.7 ? 'ack' : (failures[Math.floor(random() * failures.length)] ?? 'ack');
  };
  return sink;
}
