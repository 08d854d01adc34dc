import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { redisPasswordFile } from '../../scripts/pod/redis.ts';
import type { PodState } from '../../scripts/pod/state.ts';
import { processCost } from '../process-cost.ts';
import { median, type Row, report } from '../report.ts';
import { load } from './load.ts';

/**
 * Compares the application, with all four helpers, with Express alone doing the same work: requests per second, CPU
 * time per request, and memory.
 *
 * Variables: BENCH_SECONDS (5) for each measurement, ROUNDS (3), of which the median counts.
 */
const seconds = Number(process.env['BENCH_SECONDS'] ?? 5);
const rounds = Number(process.env['ROUNDS'] ?? 3);
const connections = 32;

const root = join(import.meta.dirname, '../..');
const folder = join(mkdtempSync(join(tmpdir(), 'web-bench-')), 'pod');
const podScript = (name: string) =>
  spawnSync(process.execPath, [join(root, `scripts/pod/${name}.ts`)], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, POD_DIR: folder },
  });

const requests = [
  { what: 'GET /api/info', method: 'GET', path: '/api/info' },
  { what: 'POST /api/views/bench', method: 'POST', path: '/api/views/bench' },
  { what: 'GET / (a page)', method: 'GET', path: '/' },
] as const;

interface Contestant {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
}

interface Measured {
  readonly perSecond: number;
  readonly cpuMicros: number;
}

spawnSync(process.execPath, ['scripts/build.ts'], { cwd: root, stdio: 'inherit' });
const up = podScript('up');
if (up.status !== 0) throw new Error(up.stderr);
try {
  const pod: PodState = JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'));
  const web = pod.processes.find(({ name }) => name === 'web');
  if (web === undefined) throw new Error('the pod has no web');
  await using bare = await startBare(pod.redis.port);
  const peer: Contestant = { name: 'Express alone', url: bare.url, pid: bare.pid };
  const ours: Contestant = { name: 'web in its pod', url: pod.url, pid: web.pid };
  const rows: Row[] = [];
  for (const request of requests) rows.push(...(await compare(request, peer, ours)));
  report('web', rows);
} finally {
  podScript('down');
  rmSync(join(folder, '..'), { recursive: true, force: true });
}

/** Both take turns, round after round, so a slow moment of the machine hits both. */
async function compare(
  request: (typeof requests)[number],
  ...contestants: [Contestant, Contestant]
): Promise<Row[]> {
  const measured = new Map(contestants.map((contestant) => [contestant, [] as Measured[]]));
  // the first round warms up
  for (let round = 0; round <= rounds; round++) {
    for (const contestant of contestants) {
      const result = await measure(contestant, request);
      if (round > 0) measured.get(contestant)?.push(result);
    }
  }
  const medians = contestants.map((contestant) => {
    const results = measured.get(contestant) ?? [];
    return {
      contestant,
      perSecond: median(results.map(({ perSecond }) => perSecond)),
      cpuMicros: median(results.map(({ cpuMicros }) => cpuMicros)),
    };
  });
  const base = medians[0]?.perSecond ?? Number.NaN;
  return medians.map(({ contestant, perSecond, cpuMicros }) => ({
    request: request.what,
    server: contestant.name,
    'requests/s': Math.round(perSecond),
    ratio: Number((perSecond / base).toFixed(2)),
    'CPU µs/request': Math.round(cpuMicros),
    'RSS MiB': Math.round(processCost(contestant.pid).rssMiB),
  }));
}

async function measure(
  { url, pid }: Contestant,
  { method, path }: (typeof requests)[number],
): Promise<Measured> {
  const before = processCost(pid).cpuSeconds;
  const result = await load({ url: url + path, method, connections, seconds });
  const cpuSeconds = processCost(pid).cpuSeconds - before;
  return { perSecond: result.requests / result.seconds, cpuMicros: (cpuSeconds / result.requests) * 1e6 };
}

async function startBare(
  redisPort: number,
): Promise<AsyncDisposable & { readonly url: string; readonly pid: number }> {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'bare.ts'), String(port), String(redisPort)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, REDIS_PASSWORD: readFileSync(redisPasswordFile(folder), 'utf8').trim() },
    },
  );
  await once(child.stdout, 'data');
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}
