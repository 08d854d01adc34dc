import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processCost } from '../process-cost.ts';
import { median, type Row, report } from '../report.ts';

/**
 * Measures the time from the start to the first successful probe of a TCP target, beside `node -e 0` (the least for a
 * Node program) and the bash loop of many pods; the delay after a server starts late; memory while waiting; and the
 * size in the image beside the shared base.
 *
 * Variables: ROUNDS (40) of the start, LATE_ROUNDS (12) of the late server.
 */
const rounds = Number(process.env['ROUNDS'] ?? 40);
const lateRounds = Number(process.env['LATE_ROUNDS'] ?? 12);
const lateAfterMs = 1200;

const root = join(import.meta.dirname, '../..');
const bundle = join(root, 'packages/wait-for/dist/wait-for.js');
spawnSync(process.execPath, ['scripts/build.ts', 'wait-for'], { cwd: root, stdio: 'inherit' });

/** Commands that end once they have connected to the port. */
const contestants: Readonly<Record<string, (port: number) => readonly string[]>> = {
  'wait-for': (port) => [process.execPath, bundle, '--quiet', `tcp://127.0.0.1:${port}`],
  'bash, sleep 1': (port) => [
    'bash',
    '-c',
    `until (: > /dev/tcp/127.0.0.1/${port}) 2>/dev/null; do sleep 1; done`,
  ],
};

report('wait-for-start', await startCosts());
report('wait-for-late', await lateServers());
report('wait-for-size', [await sizes()]);
process.exit();

/** All take turns, so other work on the machine affects each alike. */
async function startCosts(): Promise<Row[]> {
  await using server = await listen();
  const floor: number[] = [];
  const times = Object.keys(contestants).map((name) => ({
    name,
    connected: [] as number[],
    ended: [] as number[],
  }));
  for (let round = 0; round < rounds; round++) {
    floor.push((await timed([process.execPath, '-e', '0'])).endedMs);
    for (const { name, connected, ended } of times) {
      server.connectedAt = 0;
      const { startedAt, endedMs } = await timed(contestants[name]?.(server.port) ?? []);
      connected.push(server.connectedAt - startedAt);
      ended.push(endedMs);
    }
  }
  const base = median(floor);
  const row = (name: string, connected: number, ended: number): Row => ({
    program: name,
    'ms to first success': connected === 0 ? '–' : round1(connected),
    '÷ node -e 0': connected === 0 ? '–' : round2(connected / base),
    'ms to the end': round1(ended),
    'end ÷ node -e 0': round2(ended / base),
  });
  return [
    row('node -e 0', 0, base),
    ...times.map(({ name, connected, ended }) => row(name, median(connected), median(ended))),
  ];
}

/** Time from the start of a late server to its detection. */
async function lateServers(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, command] of Object.entries(contestants)) {
    const noticed: number[] = [];
    for (let round = 0; round < lateRounds; round++) {
      const port = await freePort();
      const waiting = run(command(port));
      await delay(lateAfterMs);
      await using server = await listen(port);
      const listensAt = performance.now();
      await once(waiting, 'exit');
      noticed.push(server.connectedAt - listensAt);
    }
    rows.push({
      program: name,
      'median ms': round1(median(noticed)),
      'worst ms': round1(Math.max(...noticed)),
    });
  }
  return rows;
}

async function sizes(): Promise<Row> {
  const port = await freePort();
  const waiting = run(contestants['wait-for']?.(port) ?? []);
  await delay(2000);
  const { peakRssMiB, cpuSeconds } = processCost(waiting.pid ?? 0);
  waiting.kill();
  await once(waiting, 'exit');
  return {
    'peak RSS MB': round1((peakRssMiB * 1024 * 1024) / 1e6),
    'CPU s of the first 2 s': round2(cpuSeconds),
    'KiB in the image beside its base': Math.round(statSync(bundle).size / 1024),
  };
}

function run(command: readonly string[]): ChildProcess {
  return spawn(command[0] ?? '', command.slice(1), { stdio: 'ignore' });
}

async function timed(command: readonly string[]): Promise<{ startedAt: number; endedMs: number }> {
  const startedAt = performance.now();
  const [code] = await once(run(command), 'exit');
  if (code !== 0) throw new Error(`${command.join(' ')}: ended with ${code}`);
  return { startedAt, endedMs: performance.now() - startedAt };
}

interface Listener extends AsyncDisposable {
  readonly port: number;
  connectedAt: number;
}

async function listen(onPort = 0): Promise<Listener> {
  const server: Server = createServer((socket) => {
    listener.connectedAt = performance.now();
    socket.on('error', () => {}).resume();
  }).listen(onPort, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number }; // a TCP server has one
  const listener: Listener = {
    port,
    connectedAt: 0,
    [Symbol.asyncDispose]: async () => {
      server.close();
    },
  };
  return listener;
}

async function freePort(): Promise<number> {
  await using server = await listen();
  return server.port;
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
