import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LimitedContainer } from './limited.ts';
import { holdMany, lines, send } from './send.ts';

const port = 9125;
const adminPort = 9102;
const long = 'x'.repeat(3500);
const tags = (at: number) => Array.from({ length: 40 }, (_, tag) => `t${tag}:${at}`).join(',');

/** Floods by one sender, each to fill as much memory as it can, and the metric that counts refused samples. */
const noSeries = 'statsd_adaptor_series_refused_samples_total{reason="memory_limit"}';
const noGrowth = 'statsd_adaptor_sketch_lost_samples_total';
const floods: ReadonlyArray<readonly [name: string, dropped: string, flood: Iterable<string>]> = [
  ['names', noSeries, lines(300_000, (at) => `flood.name.${at}:1|c`)],
  ['tag values', noSeries, lines(300_000, (at) => `flood:1|c|#user:${at}`)],
  ['many tags', noSeries, lines(100_000, (at) => `flood:1|c|#${tags(at)}`)],
  ['names of kilobytes', noSeries, lines(30_000, (at) => `${long}${at}:1|g`)],
  ['tag values of kilobytes', noSeries, lines(30_000, (at) => `flood:1|g|#user:${long}${at}`)],
  ['timers', noSeries, lines(200_000, (at) => `flood.${at}:1|ms`)],
  [
    'values of timers',
    noGrowth,
    lines(3_000_000, (at) => `flood:${(at * 7919) % 1e6}|ms|#user:${at % 5000}`),
  ],
  ['members of sets', noGrowth, lines(3_000_000, (at) => `flood:${at}|s|#user:${at % 5000}`)],
  [
    'names of two kinds',
    'statsd_exporter_events_conflict_total',
    lines(50_000, (at) => `${long}${at % 2000}:1|${at % 4000 < 2000 ? 'c' : 'g'}`),
  ],
  ['garbage', 'statsd_exporter_sample_errors_total', lines(500_000, (at) => `${at}\0:|||#,,::|@${at}`)],
];

describe('the container of statsd-adaptor, with the memory of its manifest', () => {
  let adaptor: LimitedContainer;
  beforeEach(async () => {
    adaptor = await LimitedContainer.start({ image: 'statsd-adaptor', memoryMiB: 160, adminPort });
  });
  afterEach(() => adaptor[Symbol.dispose]());

  it.each(floods)(
    'survives a flood of %s, counts what it drops, and keeps serving',
    async (name, dropped, flood) => {
      const before = adaptor.fate;
      const { address } = adaptor;
      await send(address, port, ['legitimate:1|c\n']);
      const answers = await adaptor.liveDuring(send(address, port, flood));
      await send(address, port, ['legitimate:1|c\n']);
      await eventually(async () => (await adaptor.metric('legitimate ')) === 2);
      console.log(
        `${name}: peak ${adaptor.peakMiB} MiB, ${await adaptor.metric('statsd_adaptor_series ')} series`,
      );
      expect(await adaptor.metric(dropped)).toBeGreaterThan(0);
      expect(answers).toBeGreaterThan(0);
      expect(adaptor.fate).toEqual(before);
    },
  );

  it('survives connections, datagrams and slow scrapers while its memory is full', async () => {
    const before = adaptor.fate;
    const { address } = adaptor;
    await send(address, port, ['legitimate:1|c\n']);
    await send(
      address,
      port,
      lines(300_000, (at) => `flood:1|c|#user:${at}`),
    );
    using unfinished = await holdMany({ host: address, port, count: 1100, text: () => 'y'.repeat(4000) });
    using scrapers = await holdMany({ host: address, port: adminPort, count: 200, text: scrapeRequest });
    await sendDatagrams(address, 2000);
    await eventually(async () => (await adaptor.metric('statsd_adaptor_scrapes_cut_total')) > 100);
    unfinished[Symbol.dispose]();
    scrapers[Symbol.dispose]();
    await eventually(async () => {
      await send(address, port, ['legitimate:1|c\n']);
      return (await adaptor.metric('legitimate ')) >= 2;
    });
    console.log(`all at once: peak ${adaptor.peakMiB} MiB`);
    expect(await adaptor.metric('statsd_adaptor_tcp_connections_refused_total')).toBeGreaterThan(0);
    expect(adaptor.fate).toEqual(before);
  });
});

/** Scrapes text and protobuf in turn. */
function scrapeRequest(at: number): string {
  const protobuf =
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
  return `GET /metrics HTTP/1.1\r\nhost: a\r\naccept: ${at % 2 === 0 ? 'text/plain' : protobuf}\r\n\r\n`;
}

/** Datagrams of one line each, with the longest possible name. */
async function sendDatagrams(host: string, count: number): Promise<void> {
  const socket = createSocket('udp4');
  const name = 'z'.repeat(60_000);
  for (let at = 0; at < count; at++) {
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.send(`${name}${at}:1|c`, port, host, () => resolve());
    await promise;
  }
  socket.close();
  await once(socket, 'close');
}
