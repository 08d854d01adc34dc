import { spawnSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { probe } from '@pod-patterns/kit';
import { Compose } from './compose.ts';
import { choosePorts, type PublishedPorts } from './ports.ts';
import { checkout, keepProject } from './project.ts';
import { Steps } from './steps.ts';

/**
 * Builds the images, starts or updates the pod with Docker Compose, and prints commands to try. Each run does all
 * steps, so it also completes an interrupted one.
 */
const compose = new Compose();
const steps = new Steps(join(checkout, '.pod/build.log'));
const shownLog = relative(process.cwd(), steps.log);
const readyWithinMs = 60_000;

async function main(): Promise<void> {
  if (compose.ask('compose', 'version') === '')
    throw new Error('Docker Compose is not installed: install it, or run make up POD=processes');
  keepProject(checkout, compose.project);
  console.log(`Docker Compose, project ${compose.project}; all output is in ${shownLog}`);
  const chosen = await choosePorts(compose);
  if (!(await run('building the images', 'build'))) return fail('cannot build the images');
  const ports = await start(chosen);
  if (ports === undefined) return fail('cannot start the pod');
  if (!(await isReady(ports))) return fail(`web is not ready after ${readyWithinMs / 1000} s`);
  tell(ports);
}

function run(title: string, ...args: readonly string[]): Promise<boolean> {
  return steps.run(title, ['docker', 'compose', ...args], compose.env);
}

/** Tries again with other ports if another program has taken one of these. */
async function start(ports: PublishedPorts, attempts = 6): Promise<PublishedPorts | undefined> {
  Object.assign(compose.env, ports);
  if (await run('starting the containers', 'up', '--detach', '--no-build')) return ports;
  const isPortTaken = /port is already allocated|address already in use/.test(steps.lastLines(5));
  if (!isPortTaken || attempts === 1 || steps.interruptedBy !== undefined) return undefined;
  return start(await choosePorts(compose), attempts - 1);
}

/** The helpers are ready before web starts: `startup-probes` in docker-compose.yml. */
async function isReady({ WEB_ADMIN_PORT: port }: PublishedPorts): Promise<boolean> {
  const deadline = performance.now() + readyWithinMs;
  do {
    if ((await probe({ host: '127.0.0.1', port: Number(port) }, '/readyz')) === undefined) return true;
    await delay(100);
  } while (performance.now() < deadline);
  return false;
}

function fail(what: string): void {
  process.exitCode = 1;
  if (steps.interruptedBy !== undefined) {
    console.error('make up: interrupted; make up continues from here, make down removes the started part');
    return;
  }
  console.error(`\n${steps.lastLines(15)}\n`);
  const format = '{{.Service}} {{.State}} {{.ExitCode}}';
  const ended = compose
    .ask('compose', 'ps', '--all', '--format', format)
    .split('\n')
    .filter((line) => line !== '' && !/ (running|created) | exited 0$/.test(line))
    .map((line) => line.split(' ')[0] ?? '');
  if (ended.length > 0) {
    const args = ['compose', 'logs', '--no-color', '--tail', '20', ...ended];
    spawnSync('docker', args, { cwd: checkout, stdio: 'inherit', env: compose.env });
  }
  console.error(`make up: ${what}; all output is in ${shownLog}`);
}

function tell({ WEB_PORT, STATSD_ADAPTOR_ADMIN_PORT, POD_PAGE_PORT }: PublishedPorts): void {
  const url = `http://127.0.0.1:${WEB_PORT}`;
  const metrics = `http://127.0.0.1:${STATSD_ADAPTOR_ADMIN_PORT}/metrics`;
  console.log(`
The pod is up, in containers: ${url}
See it live: http://127.0.0.1:${POD_PAGE_PORT}

  curl -X POST ${url}/api/views/home      a page view, counted in Redis through the ambassador
  curl -s ${metrics} | grep web_page_views      the same, through the adaptor
  docker compose logs --no-log-prefix --tail 1 log-shipper      the same, as a shipped log record

Follow its logs: make logs. Build and start it again after an edit: make up. Stop it: make down.`);
}

try {
  await main();
} catch (error) {
  console.error(`make up: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
