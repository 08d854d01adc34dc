import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docker, mustDocker } from '../images/docker.ts';
import { untilSeenUp } from '../pod/ask-pod.ts';
import { makeError } from '../pod/make-error.ts';
import { counterValue, makePageViews } from '../pod/page-views.ts';
import { ComposePod } from './compose-pod.ts';

const helpers = ['log-shipper', 'statsd-adaptor', 'redis-ambassador'] as const;

describe('the pod in compose', () => {
  const pod = new ComposePod();
  beforeAll(() => pod.up());
  afterAll(() => pod.down());

  it('starts in order: wait-for, the helpers, and web when all of them are ready', () => {
    const order = ['wait-for', 'log-shipper', 'statsd-adaptor', 'redis-ambassador', 'startup-probes', 'web'];
    const started = order.map((name) => pod.inspect(name, '{{.State.StartedAt}}'));
    expect(started).toEqual([...started].sort());
    for (const once of ['wait-for', 'startup-probes'])
      expect(pod.inspect(once, '{{.State.Status}} {{.State.ExitCode}}')).toBe('exited 0');
    expect(pod.inspect('startup-probes', '{{.State.FinishedAt}}') <= (started.at(-1) ?? '')).toBe(true);
  });

  it('uses little CPU while idle: no container has a health check more often than every 30 s', () => {
    const second = 1_000_000_000;
    for (const name of [...helpers, 'web', 'redis']) {
      const check = JSON.parse(pod.inspect(name, '{{json .Config.Healthcheck}}'));
      expect([name, check.Interval >= 30 * second]).toEqual([name, true]);
      // Docker 25 and later run the first checks every 5 s for this long
      expect([name, check.StartPeriod >= 20 * second]).toEqual([name, true]);
    }
  });

  it.each([...helpers, 'web', 'pod-page', 'redis'])('the health check of %s passes', (name) => {
    // run by hand: before Docker 25 the engine's first check comes after 30 s
    const [kind, ...command]: string[] = JSON.parse(pod.inspect(name, '{{json .Config.Healthcheck.Test}}'));
    const shell = kind === 'CMD-SHELL' ? ['sh', '-c'] : [];
    expect(docker('exec', pod.container(name), ...shell, ...command)).toMatchObject({ status: 0 });
  });

  it('pod-page shows all containers, and the target of wait-for', async () => {
    const containers = await untilSeenUp(pod.pageUrl);
    expect(containers.find(({ name }) => name === 'wait-for')?.summary).toMatch(/^waited for .*: redis$/);
  });

  it('a page view through web arrives once in Redis, in /metrics and in the shipped records', async () => {
    const { counted, uncounted } = await makePageViews(pod.url, { page: 'counted', count: 300 });
    expect([counted.length, uncounted.length]).toEqual([300, 0]);
    expect(pod.viewsInRedis('counted')).toBe(300);
    await eventually(
      async () => counterValue(await pod.metrics(), 'web_page_views', { page: 'counted' }) === 300,
    );
    await eventually(() => pod.shippedIds('counted').length >= 300, { everyMs: 250 });
    expect(pod.shippedIds('counted').sort()).toEqual([...counted].sort());
  });

  it.each([['flushall'], ['config', 'get', '*'], ['keys', '*'], ['get', 'elsewhere']])(
    'Redis refuses the application with NOPERM: %s',
    (...command) => {
      expect(pod.askAmbassador(...command)).toContain('NOPERM');
    },
  );

  it('Redis answers nobody without a login, and shares a network only with the pod', () => {
    expect(mustDocker('exec', pod.container('redis'), 'redis-cli', 'ping')).toContain('NOAUTH');
    const networks = '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}';
    expect(pod.inspect('redis', networks).trim()).toBe(`${pod.name}_redis`);
    expect(docker('port', pod.container('redis')).stdout).toBe('');
  });

  it('an error with its stack trace is shipped as one record, and each JSON line beside it as another', async () => {
    expect(await makeError(pod.url, () => pod.records())).toEqual({
      ...{ access: 1, torn: 0 },
      traces: [expect.stringMatching(/\n.+\n.+\n {2}Caused by: /s)],
    });
  });

  it('when Redis is killed and restarts, web answers all the time and every acknowledged view is counted', async () => {
    const views = makePageViews(pod.url, { page: 'outage', count: 3000, concurrency: 4 });
    await eventually(() => pod.shippedIds('outage').length > 50, { everyMs: 100 });
    mustDocker('kill', pod.container('redis'));
    await eventually(() => pod.records().some(({ page, status }) => page === 'outage' && status === 503));
    mustDocker('start', pod.container('redis'));
    const { counted, uncounted } = await views;
    expect(uncounted.length).toBeGreaterThan(0);
    await eventually(async () => (await fetch(`${pod.url}/api/views/after`, { method: 'POST' })).ok, {
      timeoutMs: 20_000,
    });
    // a view with the answer 503 may have been counted: the reply was lost, not the command
    expect(pod.viewsInRedis('outage')).toBeGreaterThanOrEqual(counted.length);
    expect(pod.viewsInRedis('outage')).toBeLessThanOrEqual(3000);
    await eventually(
      async () => counterValue(await pod.metrics(), 'web_page_views', { page: 'outage' }) === 3000,
    );
    await eventually(() => pod.shippedIds('outage').length >= 3000, { everyMs: 250 });
    expect(pod.shippedIds('outage').sort()).toEqual([...counted, ...uncounted].sort());
  });

  it.each(helpers)('web keeps serving while %s is killed and comes back', async (name) => {
    const before = pod.inspect(name, '{{.State.Pid}}');
    pod.crash(name);
    await eventually(() => !['0', before].includes(pod.inspect(name, '{{.State.Pid}}')), {
      timeoutMs: 30_000,
    });
    const page = `after-${name}`;
    expect((await fetch(`${pod.url}/`)).status).toBe(200);
    await eventually(async () => (await fetch(`${pod.url}/api/views/${page}`, { method: 'POST' })).ok, {
      timeoutMs: 20_000,
    });
    const { counted } = await makePageViews(pod.url, { page, count: 50 });
    await eventually(() => counted.every((id) => pod.shippedIds(page).includes(id)), {
      timeoutMs: 30_000,
      everyMs: 250,
    });
  });

  it('`make logs` follows each container and the log files of the application, with their names', async () => {
    await using logs = pod.script('scripts/compose/logs.ts');
    await makePageViews(pod.url, { page: 'followed', count: 1 });
    const lines = () => logs.stdout.split('\n').filter((line) => line.includes('followed'));
    await eventually(() => lines().some((line) => /^log-shipper-1 +\| \{/.test(line)));
    await eventually(() => lines().some((line) => /^web access\.log +\| \{/.test(line)));
    await logs.stop();
    // the container that reads the files ends as well
    const readers = [
      'ps',
      '--quiet',
      '--filter',
      `volume=${pod.name}_logs`,
      '--filter',
      'ancestor=busybox:1.36',
    ];
    await eventually(() => mustDocker(...readers) === '');
  });

  it('stops web first, then the ambassador, the adaptor and the shipper, which ships the last line', () => {
    pod.stop();
    const order = ['web', 'redis-ambassador', 'statsd-adaptor', 'log-shipper'];
    const finished = order.map((name) => pod.inspect(name, '{{.State.FinishedAt}}'));
    expect(finished).toEqual([...finished].sort());
    for (const name of order) expect([name, pod.inspect(name, '{{.State.ExitCode}}')]).toEqual([name, '0']);
    const written = pod.writtenIds();
    const shipped = new Set(pod.records().map(({ id }) => id));
    expect(written.filter((id) => !shipped.has(id))).toEqual([]);
  });

  it('leaves nothing behind', () => {
    pod.down();
    expect(docker('compose', ...pod.project, 'ps', '--all', '--quiet').stdout).toBe('');
    expect(
      docker('volume', 'ls', '--quiet', '--filter', `label=com.docker.compose.project=${pod.name}`).stdout,
    ).toBe('');
  });
});

it('docker-compose.yml is valid with each profile', () => {
  const file = readFileSync(join(import.meta.dirname, '../../docker-compose.yml'), 'utf8');
  const profiles = new Set([...file.matchAll(/profiles: \[([^\]]+)\]/g)].flatMap((match) => match[1] ?? []));
  for (const profile of ['', ...profiles]) {
    expect(
      docker('compose', ...(profile === '' ? [] : ['--profile', profile]), 'config', '--quiet'),
    ).toMatchObject({ status: 0 });
  }
});

/** Settings of the services as Compose parses them. */
function configOf(...args: readonly string[]) {
  const { services }: { services: Record<string, { environment?: Record<string, string> }> } = JSON.parse(
    mustDocker('compose', ...args, 'config', '--format', 'json'),
  );
  return services;
}

const sinks = (services: ReturnType<typeof configOf>) =>
  Object.entries(services).flatMap(([name, { environment }]) =>
    environment?.['SINK_URL'] === undefined ? [] : [[name, environment['SINK_URL']]],
  );

it('ships to its stdout, and with the profile `observability` also to Loki', () => {
  const pod = configOf();
  expect(sinks(pod)).toEqual([['log-shipper', 'stdout:']]);
  const observed = configOf('--profile', 'observability');
  expect(sinks(observed)).toEqual([
    ['log-shipper', 'stdout:'],
    ['log-shipper-loki', 'loki+http://loki:3100'],
  ]);
  // the profile does not change the pod: its services can neither delay nor restart it
  for (const [name, service] of Object.entries(pod)) expect(observed[name]).toEqual(service);
  const [one, other] = [observed['log-shipper'], observed['log-shipper-loki']];
  expect(other?.environment?.['LOG_PATHS']).toBe(one?.environment?.['LOG_PATHS']);
  expect(other?.environment?.['STATE_DIR']).not.toBe(one?.environment?.['STATE_DIR']);
});
