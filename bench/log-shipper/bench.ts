import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processCost } from '../process-cost.ts';
import { type Row, report } from '../report.ts';
import { type Contestant, contestants, ours } from './contestants.ts';

/**
 * Measures speed and cost of a backlog to each kind of sink, beside a bare copy in Node and the peers on this machine,
 * and the delay of steady lines.
 *
 * Variables: ONLY (part of the names to run), BACKLOG_MB (200), STEADY_SECONDS (15), LINES_PER_SECOND (10000),
 * FLUENT_BIT_BIN (path of Fluent Bit).
 */
const backlogBytes = Number(process.env['BACKLOG_MB'] ?? 200) * 1e6;
const only = process.env['ONLY'] ?? '';
const steadySeconds = Number(process.env['STEADY_SECONDS'] ?? 15);
const linesPerSecond = Number(process.env['LINES_PER_SECOND'] ?? 10_000);

interface SinkCounts {
  readonly bytes: number;
  readonly lines: number;
  readonly requests: number;
  readonly lastAtMs: number;
  readonly latencies: readonly number[];
}

const root = join(import.meta.dirname, '../..');
spawnSync(process.execPath, ['scripts/build.ts', 'log-shipper'], { cwd: root, stdio: 'inherit' });
const folder = mkdtempSync(join(tmpdir(), 'bench-log-shipper-'));
const sink = fork(join(import.meta.dirname, 'sink.ts'));
const [ports] = await once(sink, 'message');
try {
  const rows: Row[] = [];
  for (const form of ['json', 'text'] as const) rows.push(...(await backlog(form)));
  // the recorded results are those of a whole run
  if (only === '') {
    report('log-shipper-backlog', rows);
    report('log-shipper-steady', await steady());
  } else console.table(rows);
} finally {
  sink.kill();
  rmSync(folder, { recursive: true, force: true });
}

/** Ships a large file with each contestant in turn. */
async function backlog(form: 'json' | 'text'): Promise<Row[]> {
  const file = join(folder, `${form}.log`);
  const { name, lines } = writeBacklog(file, form);
  const { size } = statSync(file);
  const rows: Row[] = [];
  for (const contestant of contestants().filter(({ name }) => name.includes(only))) {
    await ask('reset');
    const startMs = performance.timeOrigin + performance.now();
    await using running = start(contestant, file);
    const { lastAtMs, lines: received } = await untilQuiet();
    const { cpuSeconds, peakRssMiB } = processCost(running.pid);
    rows.push({
      lines: name,
      shipper: contestant.name,
      'MB/s': round(size / 1e6 / ((lastAtMs - startMs) / 1000)),
      'CPU s/GB': round(cpuSeconds / (size / 1e9)),
      'peak RSS MiB': round(peakRssMiB),
      'lines shipped': contestant.isUncounted ? '–' : `${round((received / lines) * 100)} %`,
    });
  }
  rmSync(file);
  return withRatios(rows);
}

function writeBacklog(file: string, form: 'json' | 'text'): { name: string; lines: number } {
  const out = openSync(file, 'w');
  let lines = 0;
  for (let written = 0; written < backlogBytes; ) {
    let text = '';
    while (text.length < 1_000_000) text += form === 'json' ? jsonLine(lines++) : textLine(lines++);
    written += writeSync(out, text);
  }
  closeSync(out);
  return { name: form === 'json' ? '120 B JSON' : '1 KB text', lines };
}

function jsonLine(id: number): string {
  const head = `{"level":"info","msg":"request","id":${id},"method":"GET","status":200,"path":"/products/${id % 1000}"`;
  return `${head},"pad":"${'x'.repeat(Math.max(0, 109 - head.length))}"}\n`;
}

function textLine(id: number): string {
  return `2026-01-31T12:00:00.000Z INFO [worker-${id % 16}] order ${id}: ${'lorem ipsum dolor sit amet '.repeat(36)}\n`;
}

/** Measures the delay and the cost of steadily written lines. */
async function steady(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const contestant of [ours('ours')]) {
    const file = join(folder, 'steady.log');
    closeSync(openSync(file, 'w'));
    await using running = start(contestant, file);
    await delay(2000);
    const idle = processCost(running.pid);
    await delay(10_000);
    const idleEnd = processCost(running.pid);
    const writer = spawn(process.execPath, [
      join(import.meta.dirname, 'writer.ts'),
      file,
      String(linesPerSecond),
      String(steadySeconds),
    ]);
    await delay(1000);
    await ask('reset');
    const from = processCost(running.pid);
    await delay((steadySeconds - 2) * 1000);
    const to = processCost(running.pid);
    const { latencies, requests } = await ask('counts');
    await once(writer, 'exit');
    const sorted = [...latencies].sort((a, b) => a - b);
    rows.push({
      shipper: contestant.name,
      'lines/s': linesPerSecond,
      'p50 ms': round(sorted[Math.floor(sorted.length * 0.5)] ?? Number.NaN),
      'p99 ms': round(sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN),
      'requests/s': round(requests / (steadySeconds - 2)),
      'CPU %': round(((to.cpuSeconds - from.cpuSeconds) / (steadySeconds - 2)) * 100),
      'RSS MiB': round(to.rssMiB),
      'idle CPU %': round(((idleEnd.cpuSeconds - idle.cpuSeconds) / 10) * 100),
    });
  }
  return rows;
}

function start(contestant: Contestant, file: string): AsyncDisposable & { readonly pid: number } {
  const own = mkdtempSync(join(folder, 'run-'));
  const [command, ...args] = contestant.command({ file, ports, folder: own });
  const running: ChildProcess = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  return {
    pid: running.pid ?? 0,
    async [Symbol.asyncDispose]() {
      const ended = once(running, 'exit');
      running.kill('SIGKILL');
      await ended;
    },
  };
}

async function ask(message: 'reset' | 'counts'): Promise<SinkCounts> {
  const answer = once(sink, 'message');
  sink.send(message);
  const [counts] = await answer;
  return counts;
}

/** Resolves when data has arrived, and then none for a while. */
async function untilQuiet(): Promise<SinkCounts> {
  for (let before = 0; ; ) {
    await delay(1500);
    const counts = await ask('counts');
    if (counts.bytes > 0 && counts.bytes === before) return counts;
    before = counts.bytes;
  }
}

/** Adds the ratio of our speed to each peer's. */
function withRatios(rows: readonly Row[]): Row[] {
  const first = Number(rows[0]?.['MB/s']);
  return rows.map((row) => ({ ...row, 'ours is': `${round(first / Number(row['MB/s']))} ×` }));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
