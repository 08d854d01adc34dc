import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { redisServer } from '@pod-patterns/kit/testing/redis';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRunning } from '../../scripts/pod/process-id.ts';
import { untilSeenUp } from './ask-pod.ts';
import { Clone } from './clone.ts';
import { makeError } from './make-error.ts';
import { counterValue, makePageViews } from './page-views.ts';
import type { Pod } from './pod.ts';

describe('the pod as processes', needs(redisServer), () => {
  const clone = new Clone();
  const { pod } = clone;
  let started: ReturnType<Pod['up']>;

  beforeAll(() => {
    started = pod.up();
  });
  afterAll(() => clone[Symbol.dispose]());

  const metrics = async () =>
    (await fetch(`http://127.0.0.1:${pod.port('statsd-adaptor', 'metrics')}/metrics`)).text();

  it('starts in the order of the manifest and prints its URLs', () => {
    expect(started, started.output).toMatchObject({ status: 0 });
    expect(started.output).toContain(`The pod is up, as local processes: ${pod.state.url}`);
    const inOrder = [...pod.state.processes].sort((a, b) => a.order - b.order).map(({ name }) => name);
    expect(inOrder).toEqual([
      ...['redis', 'log-shipper', 'statsd-adaptor', 'redis-ambassador'],
      ...['web', 'pod-page'],
    ]);
    expect(started.output).toContain(`See it live: ${pod.pageUrl}\n`);
  });

  it('a second start reports the running pod and changes nothing', () => {
    const before = pod.state;
    expect(pod.up()).toMatchObject({
      status: 0,
      output: expect.stringContaining('The pod is already running'),
    });
    expect(pod.state).toEqual(before);
  });

  it('pod-page shows all programs, and the target of wait-for', async () => {
    const containers = await untilSeenUp(pod.pageUrl);
    expect(containers.find(({ name }) => name === 'wait-for')?.summary).toMatch(/^waited for .*: redis$/);
  });

  it('a page view through web arrives once in Redis, in /metrics and in the shipped records', async () => {
    const { counted, uncounted } = await makePageViews(pod.state.url, { page: 'counted', count: 500 });
    expect([counted.length, uncounted.length]).toEqual([500, 0]);

    const answer = await fetch(`${pod.state.url}/api/views`);
    expect(await answer.json()).toMatchObject({ views: { counted: 500 } });
    expect(await viewsInRedis(pod, 'counted')).toBe(500);
    await eventually(
      async () => counterValue(await metrics(), 'web_page_views', { page: 'counted' }) === 500,
    );
    await eventually(() => shippedIds(pod, 'counted').length >= 500);
    expect(shippedIds(pod, 'counted').sort()).toEqual([...counted].sort());
  });

  it('an error with its stack trace is shipped as one record, and each JSON line beside it as another', async () => {
    expect(await makeError(pod.state.url, () => pod.shipped())).toEqual({
      ...{ access: 1, torn: 0 },
      traces: [expect.stringMatching(/\n.+\n.+\n {2}Caused by: /s)],
    });
  });

  it('when Redis is killed and restarts, web answers all the time and every acknowledged view is counted', async () => {
    const views = makePageViews(pod.state.url, { page: 'outage', count: 3000, concurrency: 4 });
    await eventually(() => shippedIds(pod, 'outage').length > 200);
    await pod.killRedis();
    await eventually(() => pod.shipped().some(({ page, status }) => page === 'outage' && status === 503));
    await pod.restartRedis();
    const { counted, uncounted } = await views;
    expect(counted.length + uncounted.length).toBe(3000);
    expect(uncounted.length).toBeGreaterThan(0);

    await eventually(async () => (await fetch(`${pod.state.url}/api/views/after`, { method: 'POST' })).ok);
    const inRedis = await viewsInRedis(pod, 'outage');
    // a view with a 503 may be counted: its reply was lost, not the command
    expect(inRedis).toBeGreaterThanOrEqual(counted.length);
    expect(inRedis).toBeLessThanOrEqual(3000);
    await eventually(
      async () => counterValue(await metrics(), 'web_page_views', { page: 'outage' }) === 3000,
    );
    await eventually(() => shippedIds(pod, 'outage').length >= 3000);
    expect(shippedIds(pod, 'outage').sort()).toEqual([...counted, ...uncounted].sort());
  });

  it('reports a killed Redis as unreachable in the API, never as refusing', async () => {
    await pod.killRedis();
    const codes = new Set<unknown>();
    const ask = async () => {
      const answer = await fetch(`${pod.state.url}/api/views`);
      const problem: { readonly code?: string; readonly detail?: string } = JSON.parse(await answer.text());
      if (answer.status === 503) codes.add(problem.code);
      return problem;
    };
    const unavailable = /^redis_ambassador_errors_total\{reason="unavailable"\} [1-9]/m;
    const ambassador = `http://127.0.0.1:${pod.port('redis-ambassador', 'admin')}/metrics`;
    // from here on the ambassador answers with errors
    await eventually(async () => {
      await ask();
      return unavailable.test(await (await fetch(ambassador)).text());
    });
    await eventually(async () => (await ask()).detail === 'Redis cannot be reached');
    expect([...codes]).toContain('redis-away');
    expect([...codes]).not.toContain('redis-refused');
    await pod.restartRedis();
    await eventually(async () => (await fetch(`${pod.state.url}/api/views`)).ok);
  });

  it('stops its page and web first, then the helpers, Redis last, and leaves no process', () => {
    const { processes } = pod.state;
    const stopped = pod.down();
    expect(stopped.status).toBe(0);
    const names = [...stopped.output.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name);
    expect(names).toEqual([
      ...['pod-page', 'web'],
      ...['redis-ambassador', 'statsd-adaptor', 'log-shipper', 'redis'],
    ]);
    expect(stopped.output).not.toContain('killed');
    expect(processes.filter(isRunning)).toEqual([]);
    expect(existsSync(`${pod.folder}/state.json`)).toBe(false);
  });

  it('has shipped the last line that web wrote', () => {
    const written = spawnSync('cat', [`${pod.folder}/var/log/app/app.log`], {
      encoding: 'utf8',
    }).stdout.trim();
    const last = JSON.parse(written.split('\n').at(-1) ?? '{}');
    expect(pod.shipped()).toContainEqual(expect.objectContaining(last));
  });
});

/** The request ids of a page's views in the shipped records. */
function shippedIds(pod: Pod, page: string): string[] {
  return pod.shipped().flatMap((record) => (record['page'] === page ? [String(record['id'])] : []));
}

/** Asks Redis directly, not through the ambassador. */
async function viewsInRedis(pod: Pod, page: string): Promise<number> {
  // the application's user may not run INFO
  const redis = new Redis({ ...pod.redisLogin, enableReadyCheck: false });
  try {
    return Number(await redis.hget('views', page));
  } finally {
    redis.disconnect();
  }
}
