import { spawnSync } from 'node:child_process';
import { Ports } from '../pod/ports.ts';

/** Starts the pod by Docker Compose, on the usual ports of this machine or the next free ones, and says what to look at. */
const published: ReadonlyArray<readonly [variable: string, usual: number]> = [
  ['WEB_PORT', 8080],
  ['WEB_ADMIN_PORT', 8081],
  ['LOG_SHIPPER_ADMIN_PORT', 9101],
  ['STATSD_ADAPTOR_ADMIN_PORT', 9102],
  ['REDIS_AMBASSADOR_ADMIN_PORT', 9103],
];

const running = spawnSync('docker', ['compose', 'port', 'pod', '8080'], { encoding: 'utf8' }).stdout.trim();
const env: Record<string, string | undefined> = { ...process.env };
if (running === '') {
  const ports = new Ports();
  for (const [variable, usual] of published) {
    const port = await ports.take(Number(env[variable] ?? usual));
    if (port !== usual && env[variable] === undefined)
      console.log(`port ${usual} is taken: ${variable}=${port}`);
    env[variable] = String(port);
  }
}

const up =
  running === ''
    ? spawnSync('docker', ['compose', 'up', '--build', '--wait'], { stdio: 'inherit', env })
    : undefined;
if (up !== undefined && up.status !== 0) {
  spawnSync('docker', ['compose', 'logs', '--tail', '20'], { stdio: 'inherit', env });
  process.exit(1);
}

const published8080 = running === '' ? `127.0.0.1:${env['WEB_PORT']}` : running;
const metrics = spawnSync('docker', ['compose', 'port', 'pod', '9102'], { encoding: 'utf8' }).stdout.trim();
console.log(`
The pod ${running === '' ? 'is up' : 'runs already'}, in containers: http://${published8080}

  curl -X POST http://${published8080}/api/views/home      a page view, counted in Redis through the ambassador
  curl -s http://${metrics}/metrics | grep web_page_views      the same, through the adaptor
  docker compose logs --no-log-prefix --tail 1 log-shipper      the same, as the log record that was shipped

Follow its logs: make logs. Stop it: make down.`);
