import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { processCost } from '../process-cost.ts';
import { median, type Row, report } from '../report.ts';
import { adaptor, type Contestant, exporter, floor, protobuf, Running, withFlags } from './contestants.ts';
import { measureIdle } from './idle.ts';
import { mapping } from './mapping.ts';

/**
 * Compares statsd-adaptor with a bare Node loop (the floor) and, if `STATSD_EXPORTER_BIN` is set, statsd_exporter;
 * otherwise prints recorded figures. Each receives the same lines from another process, with the same receive buffer.
 */
type Mode = 'udp-packed' | 'udp-single' | 'tcp';

interface Sent {
  readonly lines: number;
  readonly seconds: number;
}

const run = promisify(execFile);
const seriesSent = 1000;
const seconds = 2;
/** The cost of a line depends on how full each turn of the loop is, so all are measured at one rate. */
const costRate: Readonly<Record<Mode, number>> = { 'udp-packed': 200_000, 'udp-single': 20_000, tcp: 0 };

/** Measured earlier, on two shared cores of another machine; compare ratios there, not figures here. */
const recorded = {
  program: 'statsd_exporter 0.30 (recorded)',
  throughput: [
    { case: 'udp-packed', 'lines/s': 670_000, 'CPU s/million lines': 7.6 },
    { case: 'udp-single', 'lines/s': 52_000, 'CPU s/million lines': 45 },
    { case: 'tcp', 'lines/s': 420_000, 'CPU s/million lines': 3.5 },
  ],
  series: [
    { series: 10_000, 'RSS MiB': 171, 'scrape ms': 91 },
    { series: 100_000, 'RSS MiB': 1500, 'scrape ms': 850 },
  ],
};

const peer = exporter();
const peers = peer === undefined ? [] : [peer];
const throughput: Row[] = [];
const series: Row[] = [];
report('statsd-adaptor-idle', await measureIdle([adaptor, ...peers]));
for (const mode of ['udp-packed', 'udp-single', 'tcp'] as const) {
  for (const contestant of [floor, adaptor, ...peers]) throughput.push(await measure(contestant, mode));
}
const folder = mkdtempSync(join(tmpdir(), 'statsd-adaptor-bench-'));
const mappingFile = join(folder, 'mapping.yml');
writeFileSync(mappingFile, mapping);
for (const contestant of [adaptor, ...peers]) {
  const mapped = withFlags(contestant, `--statsd.mapping-config=${mappingFile}`);
  throughput.push({ ...(await measure(mapped, 'udp-packed')), case: 'udp-packed, 100 rules' });
}
rmSync(folder, { recursive: true });
for (const count of [10_000, 100_000]) {
  for (const contestant of [adaptor, ...peers]) series.push(await measureSeries(contestant, count));
}
if (peer === undefined) {
  throughput.push(...recorded.throughput.map((row) => ({ program: recorded.program, ...row })));
  series.push(...recorded.series.map((row) => ({ program: recorded.program, ...row })));
}
report('statsd-adaptor-throughput', withRatios(throughput));
report('statsd-adaptor-series', series);
if (peer === undefined) {
  console.log('statsd_exporter: recorded on another machine; set STATSD_EXPORTER_BIN to measure it here.');
}

/** Lines per second of each case as a multiple of the bare loop's, which has no rules. */
function withRatios(rows: readonly Row[]): Row[] {
  const rate = (row: Row | undefined) => Number(row?.['lines/s']);
  const modeOf = (row: Row) => String(row['case']).split(',')[0];
  return rows.map((row) => {
    const base = rows.find((other) => other['case'] === modeOf(row) && other['program'] === floor.name);
    return { ...row, '× bare loop': Math.round((rate(row) / rate(base)) * 100) / 100 };
  });
}

async function send(
  running: Running,
  mode: Mode,
  options: { series?: number; rate: number; seconds?: number },
): Promise<Sent> {
  const args = [
    mode,
    running.port,
    options.series ?? seriesSent,
    options.rate,
    options.seconds ?? seconds,
  ].map(String);
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'sender.ts'), ...args]);
  return JSON.parse(stdout) as Sent; // as the sender prints it
}

/** Lines per second without loss, and the cost of a line. */
async function measure(contestant: Contestant, mode: Mode): Promise<Row> {
  await using running = await Running.start(contestant);
  // enough lines to compile the hot code, then the case itself
  await send(running, 'tcp', { rate: 0, seconds: 1 });
  await send(running, mode, { rate: costRate[mode], seconds: 1 });
  const cost = await attempt(running, mode, costRate[mode]);
  const best = mode === 'tcp' ? cost : await fastest(running, mode);
  const row = {
    program: contestant.name,
    case: mode,
    'lines/s': Math.round(best.perSecond),
    'CPU s/million lines': Math.round(cost.cpuPerMillion * 100) / 100,
  };
  console.error(row);
  return row;
}

interface Attempt {
  readonly isWhole: boolean;
  readonly perSecond: number;
  readonly cpuPerMillion: number;
}

async function attempt(running: Running, mode: Mode, rate: number): Promise<Attempt> {
  const before = await running.settled();
  const cpuBefore = processCost(running.pid).cpuSeconds;
  const sent = await send(running, mode, { rate });
  const cpu = processCost(running.pid).cpuSeconds - cpuBefore;
  const received = (await running.settled()) - before;
  return {
    isWhole: received === sent.lines,
    perSecond: sent.lines / sent.seconds,
    cpuPerMillion: (cpu / received) * 1e6,
  };
}

/** Raises the rate until lines are lost twice or the sender is at its limit, then searches between the last two. */
async function fastest(running: Running, mode: Mode): Promise<Attempt> {
  let good: Attempt = { isWhole: false, perSecond: 0, cpuPerMillion: Number.NaN };
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  for (let rate = costRate[mode] * 1.5; high / low > 1.08; ) {
    const first = await attempt(running, mode, rate);
    // a single loss may come from other work on the machine
    const result = first.isWhole ? first : await attempt(running, mode, rate);
    if (result.isWhole) [good, low] = [result, rate];
    else high = rate;
    if (result.isWhole && result.perSecond < rate * 0.9) break; // the sender gives no more
    if (rate < costRate[mode] / 10) break;
    rate = high === Number.POSITIVE_INFINITY ? rate * 1.6 : (low + high) / 2;
  }
  return good;
}

async function scrapeMs(running: Running, accept?: string): Promise<number> {
  const times: number[] = [];
  for (let scrape = 0; scrape < 5; scrape++) {
    const start = performance.now();
    await running.scrape(accept);
    times.push(performance.now() - start);
  }
  return median(times);
}

/** Memory and scrapes with `count` series, and datagrams lost during a scrape at 10,000 a second. */
async function measureSeries(contestant: Contestant, count: number): Promise<Row> {
  await using running = await Running.start(contestant);
  await send(running, 'udp-packed', { series: count, rate: 100_000, seconds: (count / 100_000) * 3 });
  await running.settled();
  const textMs = await scrapeMs(running);
  const { rssMiB, peakRssMiB, anonymousMiB } = processCost(running.pid);
  const protobufMs = await scrapeMs(running, protobuf);
  const before = await running.settled();
  const sending = send(running, 'udp-single', { series: count, rate: 10_000, seconds: 5 });
  let isSending = true;
  const scraping = (async () => {
    while (isSending) await running.scrape();
  })();
  const sent = await sending;
  isSending = false;
  await scraping;
  const lost = sent.lines - ((await running.settled()) - before);
  const row = {
    program: contestant.name,
    series: count,
    'RSS MiB': Math.round(rssMiB),
    'peak RSS MiB': Math.round(peakRssMiB),
    'anonymous MiB': Math.round(anonymousMiB),
    'scrape ms': Math.round(textMs),
    'protobuf scrape ms': Math.round(protobufMs),
    'lost while scraped': lost,
  };
  console.error(row);
  return row;
}
