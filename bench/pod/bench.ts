import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PodState } from '../../scripts/pod/state.ts';
import { processCost } from '../process-cost.ts';
import { type Row, report } from '../report.ts';

/**
 * What each container of the pod costs: memory idle and after load, and processor time per thousand page views,
 * each of which passes through all of them.
 */
const loadSeconds = Number(process.env['BENCH_SECONDS'] ?? 20);
const idleSeconds = 10;
const clients = 8;

const folder = join(mkdtempSync(join(tmpdir(), 'pod-bench-')), 'pod');
const script = (name: string) =>
  spawnSync(process.execPath, [join(import.meta.dirname, `../../scripts/pod/${name}.ts`)], {
    encoding: 'utf8',
    env: { ...process.env, POD_DIR: folder },
  });

const since = performance.now();
const up = script('up');
if (up.status !== 0) throw new Error(up.stderr);
const startSeconds = (performance.now() - since) / 1000;
try {
  const { url, processes }: PodState = JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'));
  const costs = () => new Map(processes.map(({ name, pid }) => [name, processCost(pid)]));
  const fresh = costs();
  await delay(idleSeconds * 1000);
  const idle = costs();
  const views = await load(`${url}/api/views/bench`);
  await delay(1000);
  const loaded = costs();
  const rows: Row[] = processes.map(({ name }) => {
    const [before, rested, after] = [fresh.get(name), idle.get(name), loaded.get(name)];
    if (before === undefined || rested === undefined || after === undefined)
      throw new Error(`${name} has gone`);
    return {
      container: name,
      'idle MiB': Math.round(rested.rssMiB),
      'peak MiB': Math.round(after.peakRssMiB),
      'idle CPU %': Number((((rested.cpuSeconds - before.cpuSeconds) / idleSeconds) * 100).toFixed(1)),
      'CPU s per 1,000 views': Number((((after.cpuSeconds - rested.cpuSeconds) / views) * 1000).toFixed(3)),
    };
  });
  const stopping = performance.now();
  script('down');
  const stopSeconds = (performance.now() - stopping) / 1000;
  report('pod', rows);
  console.log(
    `${Math.round(views / loadSeconds)} page views/s by ${clients} clients for ${loadSeconds} s; ` +
      `started in ${startSeconds.toFixed(1)} s, stopped in ${stopSeconds.toFixed(1)} s`,
  );
} finally {
  script('down');
  rmSync(join(folder, '..'), { recursive: true, force: true });
}

/** Page views one after the other by each client; how many were made. */
async function load(url: string): Promise<number> {
  const deadline = performance.now() + loadSeconds * 1000;
  let views = 0;
  const client = async () => {
    while (performance.now() < deadline) {
      const answer = await fetch(url, { method: 'POST' });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`page view: ${answer.status}`);
      views++;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return views;
}
