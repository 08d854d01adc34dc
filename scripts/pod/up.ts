import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { probe } from '@pod-patterns/kit';
import { type Container, containers, type PodLayout, waitForArgs } from './containers.ts';
import { stopPod } from './down.ts';
import { Ports } from './ports.ts';
import { prepareRedis, redisArgs } from './redis.ts';
import { redisBinary } from './redis-binary.ts';
import { isRunning, type PodProcess, type PodState, podFolder, readState, writeState } from './state.ts';

const readyWithinMs = 30_000;

/**
 * Starts the pod as processes of this machine, in the order in which the kubelet starts its containers, and
 * returns when all are ready. They go on running; `down.ts` stops them.
 */
async function startPod(folder: string): Promise<PodState> {
  const layout = await layOut(folder);
  for (const part of ['log', 'var/log/app', 'state', 'shipped'])
    mkdirSync(join(folder, part), { recursive: true });
  const processes: PodProcess[] = [];
  const state: PodState = {
    startedAt: new Date().toISOString(),
    url: `http://127.0.0.1:${layout.ports.http}`,
    processes,
    redis: { host: '127.0.0.1', port: layout.redisPort },
  };
  const record = (process: Omit<PodProcess, 'order'>): void => {
    processes.push({ ...process, order: processes.length + 1 });
    writeState(folder, state);
  };
  const redis = startRedis(layout);
  record(redis);
  const waited = runWaitFor(layout);
  // what wait-for found may be another pod's
  await hasSaid(redis, 'Ready to accept connections');
  if (waited.status !== 0) {
    throw new Error(`wait-for ended with ${waited.status}: see ${layout.folder}/log/wait-for.log`);
  }
  for (const container of containers(layout)) {
    const started = startContainer(container, folder);
    record(started);
    await ready(started, container.adminPort);
  }
  return state;
}

async function layOut(folder: string): Promise<PodLayout> {
  const ports = new Ports();
  return {
    folder: resolve(folder),
    ports: {
      http: await ports.take(8080),
      webAdmin: await ports.take(8081),
      shipperAdmin: await ports.take(9101),
      statsd: await ports.take(8125),
      metrics: await ports.take(9102),
      redis: await ports.take(6379),
      ambassadorAdmin: await ports.take(9103),
    },
    redisPort: await ports.take(6380),
  };
}

function startRedis({ redisPort, folder }: PodLayout): Omit<PodProcess, 'order'> {
  prepareRedis(folder);
  const args = redisArgs(folder, redisPort);
  return launch(
    { name: 'redis', command: redisBinary(), args, env: {}, ports: { redis: redisPort } },
    folder,
  );
}

function startContainer({ name, args, env, ports }: Container, folder: string): Omit<PodProcess, 'order'> {
  return launch({ name, command: process.execPath, args: [bundle(name), ...args], env, ports }, folder);
}

function bundle(name: string): string {
  return join(import.meta.dirname, `../../packages/${name}/dist/${name}.js`);
}

interface Launch {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly ports: Readonly<Record<string, number>>;
}

/** Starts a process that outlives this one. */
function launch({ name, command, args, env, ports }: Launch, folder: string): Omit<PodProcess, 'order'> {
  const log = join(folder, 'log', `${name}.log`);
  const output = openSync(log, 'a');
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...inherited(), LOG_FORMAT: 'json', ...env },
    stdio: ['ignore', output, output],
    detached: true,
  });
  child.unref();
  if (child.pid === undefined) throw new Error(`${name}: ${command} could not be started`);
  return { name, pid: child.pid, ports, log };
}

/** A container inherits nothing from who starts it; PATH and HOME are what programs rely on everywhere. */
function inherited(): Record<string, string> {
  const { PATH = '', HOME = '/' } = process.env;
  return { PATH, HOME };
}

function runWaitFor(layout: PodLayout) {
  return spawnSync(process.execPath, [bundle('wait-for'), ...waitForArgs(layout)], {
    env: inherited(),
    stdio: ['ignore', 'ignore', openSync(join(layout.folder, 'log/wait-for.log'), 'a')],
  });
}

async function ready(started: Omit<PodProcess, 'order'>, adminPort: number): Promise<void> {
  // who answers on the port may be another pod's
  await hasSaid(started, '"admin port open"');
  await until(started, async () => (await probe({ host: '127.0.0.1', port: adminPort }, '/readyz')) ?? true);
}

/** Waits until a process has logged a text, which no other process of this machine does for it. */
function hasSaid(started: Omit<PodProcess, 'order'>, text: string): Promise<void> {
  return until(
    started,
    async () => readFileSync(started.log, 'utf8').includes(text) || `has not said ${text}`,
  );
}

/** Asks until the answer is true; other answers say why not. Throws when the process ends, or after a while. */
async function until(
  { name, log, pid }: Omit<PodProcess, 'order'>,
  ask: () => Promise<true | string>,
): Promise<void> {
  const deadline = performance.now() + readyWithinMs;
  let answer: true | string;
  do {
    answer = await ask();
    if (!isRunning({ pid, name })) throw new Error(`${name} has ended: ${lastLine(log)}`);
    if (answer === true) return;
    await delay(50);
  } while (performance.now() < deadline);
  throw new Error(`${name} is not ready after ${readyWithinMs / 1000} s (${answer}): see ${log}`);
}

function lastLine(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? '';
}

/** As `startPod`; where another program takes one of the ports in between, again with other ports. */
async function startOnFreePorts(folder: string, attempts = 6): Promise<PodState> {
  // what an earlier pod left behind would be counted as this one's
  rmSync(folder, { recursive: true, force: true });
  try {
    return await startPod(folder);
  } catch (error) {
    // in our words, and in those of Redis
    const isPortTaken = error instanceof Error && /cannot listen on|Failed listening on/.test(error.message);
    if (!isPortTaken || attempts === 1) throw error;
    await stopPod(folder);
    return startOnFreePorts(folder, attempts - 1);
  }
}

async function main(): Promise<void> {
  const folder = podFolder();
  const running = readState(folder);
  if (running?.processes.some(isRunning)) {
    console.log(`The pod runs already: ${running.url} (since ${running.startedAt}). Stop it with: make down`);
    return;
  }
  try {
    tell(await startOnFreePorts(resolve(folder)), folder);
  } catch (error) {
    console.error(`make up: ${error instanceof Error ? error.message : error}`);
    await stopPod(folder);
    process.exitCode = 1;
  }
}

function tell({ url, processes }: PodState, folder: string): void {
  const usual: Record<string, number> = { http: 8080, statsd: 8125, metrics: 9102 };
  for (const { name, pid, ports } of processes) {
    const where = Object.entries(ports).map(([port, number]) => {
      const moved = usual[port] !== undefined && usual[port] !== number ? ` (${usual[port]} is taken)` : '';
      return `${port} ${number}${moved}`;
    });
    console.log(`  ${name.padEnd(18)} pid ${String(pid).padEnd(8)} ${where.join(', ')}`);
  }
  const metrics = processes.find(({ name }) => name === 'statsd-adaptor')?.ports['metrics'];
  console.log(`
The pod is up, as processes of this machine: ${url}

  curl -X POST ${url}/api/views/home      a page view, counted in Redis through the ambassador
  curl -s http://127.0.0.1:${metrics}/metrics | grep web_page_views      the same, through the adaptor
  tail -n 1 ${folder}/shipped/records.ndjson      the same, as the log record that was shipped

Follow its logs: make logs. Stop it: make down.`);
}

if (import.meta.main) await main();
