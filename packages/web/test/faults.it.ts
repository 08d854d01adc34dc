import { eventually } from '@pod-patterns/kit/testing/eventually';
import { describe, expect, it } from 'vitest';
import { RunningWeb } from './running-web.ts';

const withFaults = () => RunningWeb.start({}, { args: ['--faults'] });

const put = (web: RunningWeb, settings: unknown) =>
  web.admin('/faults', { method: 'PUT', body: JSON.stringify(settings) });

describe('/faults', () => {
  it('does not exist without --faults', async () => {
    await using web = await RunningWeb.start();
    expect((await web.admin('/faults')).status).toBe(404);
    expect((await web.fetch('/faults')).status).toBe(404);
  });

  it('fails requests with a status until it is reset', async () => {
    await using web = await withFaults();
    expect(await (await put(web, { status: 502 })).json()).toEqual({ status: 502 });
    const answer = await web.fetch('/api/info');
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ status: 502, code: 'fault', detail: 'requested at /faults' });
    expect(await (await web.admin('/faults')).json()).toEqual({ status: 502 });
    await web.admin('/faults', { method: 'DELETE' });
    expect((await web.fetch('/api/info')).status).toBe(200);
  });

  it('delays requests', async () => {
    await using web = await withFaults();
    await put(web, { delayMs: 300 });
    const startedAt = performance.now();
    expect((await web.fetch('/api/info')).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(290);
  });

  it('answers a delayed request during a stop', async () => {
    await using web = await withFaults();
    await put(web, { delayMs: 1500 });
    const slow = web.fetch('/api/info');
    await eventually(async () =>
      (await (await web.admin('/metrics')).text()).includes('web_in_flight_requests 1'),
    );
    web.program.process.kill('SIGTERM');
    const answer = await slow;
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
    expect(await web.program.ended).toEqual({ code: 0, signal: null });
  });

  it('affects the given share of requests', async () => {
    await using web = await withFaults();
    await put(web, { status: 500, ratio: 0 });
    expect((await web.fetch('/api/info')).status).toBe(200);
  });

  it('makes the program unready', async () => {
    await using web = await withFaults();
    await put(web, { unready: true });
    const refused = await web.admin('/readyz');
    expect([refused.status, await refused.json()]).toEqual([
      503,
      { ready: false, reasons: { faults: 'requested at /faults' } },
    ]);
    await put(web, {});
    expect((await web.admin('/readyz')).status).toBe(200);
  });

  it('floods app.log, through its rotation', async () => {
    await using web = await RunningWeb.start({ LOG_MAX_SIZE: '20KB' }, { args: ['--faults'] });
    await put(web, { logLinesPerSecond: 5000 });
    await eventually(() => web.logLines('app').filter(({ msg }) => msg === 'flood').length > 300);
    await web.admin('/faults', { method: 'DELETE' });
  });

  it('allocates memory and frees it', async () => {
    await using web = await withFaults();
    const rss = async () =>
      Number(/^process_resident_memory_bytes (\S+)/m.exec(await (await web.admin('/metrics')).text())?.[1]);
    const before = await rss();
    await put(web, { memoryMiB: 200 });
    await eventually(async () => (await rss()) > before + 150 * 1024 ** 2);
  });

  it('crashes as from an uncaught error, and logs its stack', async () => {
    await using web = await withFaults();
    expect((await web.admin('/faults/crash', { method: 'POST' })).status).toBe(202);
    expect(await web.program.ended).toEqual({ code: 1, signal: null });
    expect(web.program.log.at(-1)).toMatchObject({
      level: 'error',
      msg: 'crash requested at /faults/crash',
      stack: expect.stringContaining('    at '),
    });
  });

  it.each([
    ['an invalid value', '{"delay":1}', 400],
    ['invalid JSON', '{', 400],
    ['a body that is too large', 'x'.repeat(5000), 413],
  ])('refuses PUT /faults with %s', async (_, body, status) => {
    await using web = await withFaults();
    const answer = await web.admin('/faults', { method: 'PUT', body });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: expect.any(String) });
  });

  it.each([
    ['POST', '/faults', 'DELETE, GET, HEAD, PUT'],
    ['PUT', '/faults/crash', 'POST'],
    ['GET', '/faults/crash', 'POST'],
  ])('answers %s %s with the allowed methods, and does nothing', async (method, path, allow) => {
    await using web = await withFaults();
    const answer = await web.admin(path, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
  });
});
