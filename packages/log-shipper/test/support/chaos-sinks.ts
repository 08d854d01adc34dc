import { setTimeout as delay } from 'node:timers/promises';
import { FluentReceiver } from './fluent.ts';
import { collector } from './otlp.ts';
import { type ReceivedRecord, type ReceivedRequest, Receiver } from './receiver.ts';
import { recordOf, SyslogReceiver } from './syslog.ts';

/** A backend that fails in every way its protocol has. */
export interface ChaosSink extends AsyncDisposable {
  readonly url: string;
  /** What it has taken, in order. */
  readonly records: readonly ReceivedRecord[];
  /** Records that it has taken, or may have, although nobody knows: they may come again. */
  readonly unsure: number;
  /** Those of the last attempt, of which a killed shipper may not have learnt. */
  readonly lastCount: number;
  fails: boolean;
  /** Resolves when nobody is connected, and all that was sent is read. */
  isAlone(): Promise<void>;
}

/** One of each kind that acknowledges. */
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
    ...{ url, records: receiver.records, unsure: 0, fails: false },
    get lastCount() {
      return countOf(receiver.requests.at(-1));
    },
    isAlone: () => receiver.isAlone(),
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
  // Elasticsearch reads it, the others do not
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
      // taken, but the answer is lost on its way
      receiver.accept(request);
      sink.unsure += countOf(request);
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
    /** All of connections that were not read to their end. */
    get unsure() {
      return receiver.broken;
    },
    get lastCount() {
      return receiver.lastCount;
    },
    isAlone: () => receiver.isAlone(),
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
  receiver.manner = () => {
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
    get unsure() {
      return receiver.unsure;
    },
    get lastCount() {
      return receiver.lastCount;
    },
    isAlone: () => receiver.isAlone(),
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
  const manners = ['reset', 'taken, reset', 'half', 'wrong', 'hang', 'ack, close'] as const;
  receiver.manner = () => {
    const luck = sink.fails ? random() : 0;
    return luck < 0.7 ? 'ack' : (manners[Math.floor(random() * manners.length)] ?? 'ack');
  };
  return sink;
}
