import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startProgram } from '../testing/program.ts';

const entry = join(import.meta.dirname, 'fixtures/service.ts');
const start = (...args: string[]) => startProgram(entry, ['--admin-listen', '127.0.0.1:0', ...args]);
const run = (...args: string[]) => spawnSync(process.execPath, [entry, ...args], { encoding: 'utf8' });

describe('a start', () => {
  it('opens the admin port first, and is ready once the service has started', async () => {
    await using program = start();
    const { address } = await program.waitForLog('admin port open');
    await program.waitForLog('started');
    const get = (path: string) => fetch(`http://${address}${path}`);
    const alive = await get('/livez');
    expect([alive.status, alive.headers.get('server')]).toEqual([200, 'sample-service/1.0.0']);
    expect(await (await get('/readyz')).json()).toEqual({ ready: true, reasons: {} });
    expect(await (await get('/metrics')).text()).toContain('sample_service_build_info{version="1.0.0"} 1');
    expect(await (await get('/')).text()).toBe('sample-service 1.0.0\n\n/livez\n/readyz\n/metrics\n/boom\n');
    expect((await get('/nope')).status).toBe(404);
    const failed = await get('/boom');
    expect([failed.status, await failed.text()]).toEqual([500, 'route failed, token=***\n']);
  });

  it('reports the memory of a process without a container as its RSS', async () => {
    await using program = start();
    const { address } = await program.waitForLog('admin port open');
    const text = await (await fetch(`http://${address}/metrics`)).text();
    const figureOf = (sample: string) => Number(text.split(`\n${sample} `)[1]?.split('\n')[0]);
    const bytes = figureOf('sample_service_container_memory_bytes{kind="RSS"}');
    const residentBytes = figureOf('process_resident_memory_bytes');
    // the two values are read at different moments
    expect(bytes).toBeGreaterThan(residentBytes / 2);
    expect(bytes).toBeLessThan(residentBytes * 2);
    expect(text).not.toContain('kind="working set"');
  });

  it('that fails logs the error in one line and exits with its code', async () => {
    await using program = start('--fail-start');
    expect(await program.ended).toEqual({ code: 3, signal: null });
    expect(program.log.at(-1)).toMatchObject({ level: 'error', msg: 'cannot start', code: 'no-luck' });
  });

  it('on a port in use names the port and exits with 1', async () => {
    await using first = start();
    const { address } = await first.waitForLog('admin port open');
    await using second = startProgram(entry, ['--admin-listen', String(address)]);
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.log.at(-1)).toMatchObject({ msg: expect.stringContaining(`cannot listen on ${address}`) });
  });
});

describe('the admin port', () => {
  it.each([
    ['GET', 404, '//'],
    ['GET', 404, '//metrics'],
    ['GET', 404, '*'],
    ['GET', 404, '/%'],
    ['GET', 200, 'http://[/livez'],
    ['HEAD', 200, '/livez'],
    ['POST', 405, '/livez'],
    ['DELETE', 405, '/'],
    ['OPTIONS', 404, '*'],
    ['GET', 431, `/${'a'.repeat(20_000)}`],
  ])('answers %s with %i (row %#)', async (method, status, target) => {
    await using program = start();
    const { address } = await program.waitForLog('admin port open');
    expect(await statusOf(String(address), `${method} ${target} HTTP/1.1\r\nHost: h\r\n\r\n`)).toBe(status);
    expect((await fetch(`http://${address}/livez`)).status).toBe(200);
  });

  it.each([
    ['no host', 'GET /livez HTTP/1.1\r\n\r\n', 400],
    ['two hosts', 'GET /livez HTTP/1.1\r\nHost: h\r\nhost: h\r\n\r\n', 400],
    ['a host with a blank', 'GET /livez HTTP/1.1\r\nHost: a b\r\n\r\n', 400],
    ['a URL for a host', 'GET /livez HTTP/1.1\r\nHost: http://h/\r\n\r\n', 400],
    ['HTTP/2.0', 'GET /livez HTTP/2.0\r\nHost: h\r\n\r\n', 505],
    ['the HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ])('refuses a request with %s, and closes the connection', async (_, bytes, status) => {
    await using program = start();
    const { address } = await program.waitForLog('admin port open');
    const { hostname, port } = new URL(`http://${address}`);
    const socket = connect({ host: hostname, port: Number(port) }).setEncoding('latin1');
    // this side stays open, so that the server must close
    socket.write(bytes);
    const answer = (await socket.toArray()).join('');
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*connection: close\r\n`, 'i'));
    expect((await fetch(`http://${address}/livez`)).status).toBe(200);
  });

  it('drops a client that never completes its request, and answers others meanwhile', async () => {
    await using program = start();
    const { address } = await program.waitForLog('admin port open');
    const { hostname, port } = new URL(`http://${address}`);
    const slow = connect({ host: hostname, port: Number(port) }).setEncoding('latin1');
    slow.write('GET /livez HTTP/1.1\r\nHost: h\r\n');
    expect((await fetch(`http://${address}/livez`)).status).toBe(200);
    let answer = '';
    for await (const piece of slow) answer += piece;
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
  });

  it('names the allowed methods of a path, and gives pages of other origins only health and metrics', async () => {
    await using program = start();
    const { address } = await program.waitForLog('admin port open');
    const posted = await fetch(`http://${address}/readyz`, { method: 'POST', body: 'x'.repeat(100_000) });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const headers = { origin: 'https://elsewhere.example' };
    const statuses = ['/', '/livez'].map(
      async (path) => (await fetch(`http://${address}${path}`, { headers })).status,
    );
    expect(await Promise.all(statuses)).toEqual([403, 200]);
  });
});

/** The status of the answer to these bytes. */
async function statusOf(address: string, bytes: string): Promise<number> {
  const { hostname, port } = new URL(`http://${address}`);
  const socket = connect({ host: hostname, port: Number(port) }).setEncoding('latin1');
  socket.end(bytes);
  let answer = '';
  for await (const piece of socket) answer += piece;
  return Number(answer.split(' ')[1]);
}

describe('a stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s closes resources in reverse order of opening and exits with 0',
    async (signal) => {
      await using program = start();
      await program.waitForLog('started');
      expect(await program.stop(signal)).toEqual({ code: 0, signal: null });
      const order = program.log.map((line) => line['msg']).filter((msg) => String(msg).includes('opened'));
      expect(order).toEqual(['last opened closed', 'first opened closed']);
    },
  );

  it('reports live but not ready during the drain', async () => {
    await using program = start('--drain-for', '1h', '--shutdown-timeout', '1h');
    const { address } = await program.waitForLog('admin port open');
    await program.waitForLog('started');
    program.process.kill('SIGTERM');
    await program.waitForLog('stopping');
    const ready = await fetch(`http://${address}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { ready: false, reasons: { stop: 'stopping' } },
    ]);
    expect((await fetch(`http://${address}/livez`)).status).toBe(200);
  });

  it('cuts off work that does not drain before the deadline, and still exits with 0', async () => {
    await using program = start('--drain-for', '1h', '--shutdown-timeout', '500ms');
    await program.waitForLog('started');
    expect(await program.stop()).toEqual({ code: 0, signal: null });
    expect(program.log.map((line) => line['msg'])).toContain('cut');
  });

  it('by a second signal exits at once with 128 + n', async () => {
    await using program = start('--drain-for', '1h');
    await program.waitForLog('started');
    program.process.kill('SIGTERM');
    await program.waitForLog('stopping');
    expect(await program.stop('SIGTERM')).toEqual({ code: 143, signal: null });
  });
});

it('an uncaught error is logged, and the program exits with 1', async () => {
  await using program = start('--fail-later');
  expect(await program.ended).toEqual({ code: 1, signal: null });
  expect(program.log.at(-1)).toMatchObject({
    level: 'error',
    msg: 'lost',
    stack: expect.stringContaining('service.ts'),
  });
});

describe('--probe', () => {
  it('exits with 0 while the program is ready, and otherwise with 1 and the reason', async () => {
    await using program = start('--drain-for', '1h', '--shutdown-timeout', '1h');
    const { address } = await program.waitForLog('admin port open');
    await program.waitForLog('started');
    expect(run('--admin-listen', String(address), '--probe', 'ready').status).toBe(0);
    program.process.kill('SIGTERM');
    await program.waitForLog('stopping');
    const asked = run('--probe=ready', `--admin-listen=${address}`);
    expect([asked.status, asked.stderr]).toEqual([
      1,
      'sample-service: 503 {"ready":false,"reasons":{"stop":"stopping"}}\n',
    ]);
    expect(run('--admin-listen', String(address), '--probe', 'live').status).toBe(0);
    await program.stop('SIGKILL');
    const gone = run('--admin-listen', String(address), '--probe', 'live');
    expect([gone.status, gone.stderr]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
  });

  it('needs only --admin-listen, despite faults in other options', async () => {
    await using program = start();
    const { address } = await program.waitForLog('admin port open');
    await program.waitForLog('started');
    const asked = run('--drain-for', 'soon', '--nope', '--admin-listen', String(address), '--probe', 'ready');
    expect([asked.status, asked.stderr]).toEqual([0, '']);
    const wrong = run('--nope', '--admin-listen', ':70000', '--probe', 'ready');
    expect([wrong.status, wrong.stderr]).toEqual([
      2,
      'sample-service: --nope: unknown option\n' +
        'sample-service: --admin-listen ":70000": port out of range: expected 0 to 65535\n',
    ]);
  });
});

describe('the command line', () => {
  it.each([
    [['--help'], 0, 'Usage: sample-service'],
    [['--version'], 0, 'sample-service 1.0.0\n'],
    [['--check-config'], 0, 'configuration is valid\n'],
    [['--print-config'], 0, '"DRAIN_FOR": "0"'],
  ])('answers %j on stdout', (args, status, output) => {
    const result = run(...args);
    expect([result.status, result.stdout, result.stderr]).toEqual([
      status,
      expect.stringContaining(output),
      '',
    ]);
  });

  it('with faults exits with 2 and prints one line for each on stderr', () => {
    const result = run('--drain-for', 'soon', '--nope');
    expect(result.status).toBe(2);
    expect(result.stderr).toBe(
      'sample-service: --nope: unknown option\n' +
        'sample-service: --drain-for "soon": expected a duration such as 250ms, 2s or 5m\n',
    );
  });

  it('with an unknown option exits with 2, and also reports incompatible options', () => {
    const { status, stderr } = run('--nope', '--fail-start', '--fail-later');
    expect(status).toBe(2);
    expect(stderr).toBe(
      'sample-service: --nope: unknown option\n' +
        'sample-service: --fail-later: expected no --fail-start beside it\n',
    );
  });

  it.each([[], ['--check-config']])('with incompatible options exits with 2 (row %#)', (...more) => {
    const { status, stdout, stderr } = run('--fail-start', '--fail-later', ...more);
    expect({ status, stdout, stderr }).toEqual({
      ...{ status: 2, stdout: '' },
      stderr: 'sample-service: --fail-later: expected no --fail-start beside it\n',
    });
  });
});
