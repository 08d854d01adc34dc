import { readFileSync, writeFileSync } from 'node:fs';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { partialSuccess, recordsOf } from '../testing/otlp-request.ts';
import { metric, status } from './support/admin.ts';
import { account, lines, perfect } from './support/lines.ts';
import { collector } from './support/otlp.ts';
import type { Behaviour } from './support/receiver.ts';
import { adminUrl, started, startShipper } from './support/shipper.ts';

/** A log file of 200 lines, a collector, and a shipper between them that `start` starts. */
async function scene(fragment = '') {
  const stack = new AsyncDisposableStack();
  const dir = stack.adopt(tempDir(), (made) => made[Symbol.dispose]());
  const { receiver, url } = await collector();
  stack.use(receiver);
  const dead = dir.file('dead.ndjson');
  writeFileSync(dir.file('app.log'), lines(0, 200));
  const flags = { paths: dir.file('app.log'), 'state-dir': dir.file('state'), 'dead-letter': dead };
  const start = async () => {
    const shipper = stack.use(startShipper({ ...flags, sink: url + fragment }));
    return adminUrl(await started(shipper));
  };
  return { receiver, dead, start, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Many programs start at once, which takes long on a busy machine. */
const timeout = 150_000;

const isDone = (admin: string) =>
  eventually(async () => (await status(admin)).lagBytes === 0, { timeoutMs: 60_000 });

/** Fails the first two requests in this way. */
function twice(fail: Behaviour): Behaviour {
  let failures = 0;
  return (request, response) => (failures++ < 2 ? fail(request, response) : 200);
}

describe.concurrent('the OTLP sink', { timeout }, () => {
  it.each(['', '#encoding=json', '#compression=gzip', '#encoding=json&compression=zstd'])(
    'sends each line once and in order with %j',
    async (fragment) => {
      await using at = await scene(fragment);
      const admin = await at.start();
      await isDone(admin);
      expect(at.receiver.faults).toEqual([]);
      expect(account(at.receiver.records, 0, 200)).toEqual(perfect);
    },
  );

  it.each<[string, string, Behaviour]>([
    ['429', '429', () => ({ status: 429, headers: { 'retry-after': '0' } })],
    ['503', '503', () => 503],
    ['404, because OTLP is not set up yet', '404', () => 404],
    [
      'a connection reset',
      'ECONNRESET',
      (_, response) => {
        response.socket?.resetAndDestroy();
        return 'handled';
      },
    ],
    [
      'half a status line',
      'ECONNRESET',
      (_, response) => {
        response.socket?.end('HTTP/1.1 20');
        return 'handled';
      },
    ],
    ['no answer at all', 'timeout', () => 'handled'],
  ])('retries after %s', async (_, reason, fail) => {
    await using at = await scene('#timeout=2s');
    at.receiver.behaviour = twice(fail);
    const admin = await at.start();
    await isDone(admin);
    expect(account(at.receiver.records, 0, 200)).toEqual(perfect);
    expect(await metric(admin, 'log_shipper_retries_total')).toBeGreaterThanOrEqual(2);
    if (reason !== 'ECONNRESET') {
      expect(await metric(admin, 'log_shipper_retries_total', { reason })).toBeGreaterThanOrEqual(2);
    }
    expect(await metric(admin, 'log_shipper_dead_letters_total')).toBe(0);
  });

  it('waits as long as Retry-After says before it retries', async () => {
    await using at = await scene();
    const times: number[] = [];
    at.receiver.behaviour = () => {
      times.push(performance.now());
      return times.length === 1 ? { status: 429, headers: { 'retry-after': '2' } } : 200;
    };
    await isDone(await at.start());
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1900);
  });

  it.each(['', '#encoding=json'])(
    'does not send a partly accepted request again, with %j',
    async (fragment) => {
      await using at = await scene(fragment);
      at.receiver.behaviour = ({ headers }) => {
        const contentType = String(headers['content-type']);
        const body = partialSuccess(3, 'too old', contentType);
        return { status: 200, headers: { 'content-type': contentType }, body };
      };
      const admin = await at.start();
      await isDone(admin);
      expect(at.receiver.requests).toHaveLength(1);
      const reason = 'partial_success';
      expect(await metric(admin, 'log_shipper_dead_letters_total', { reason })).toBe(3);
      expect(await metric(admin, 'log_shipper_records_total')).toBe(197);
    },
  );

  it('accepts a success whose body breaks off', async () => {
    await using at = await scene();
    at.receiver.behaviour = (request, response) => {
      at.receiver.accept(request);
      response.writeHead(200, { 'content-length': '100' });
      response.write('\n', () => response.destroy());
      return 'handled';
    };
    await isDone(await at.start());
    expect(account(at.receiver.records, 0, 200)).toEqual(perfect);
  });

  it('moves only the bad records to the dead letter, as JSON requests', async () => {
    await using at = await scene();
    at.receiver.behaviour = ({ body }) => (/"id":(13|77),/.test(body.toString('latin1')) ? 400 : 200);
    const admin = await at.start();
    await isDone(admin);
    expect(account(at.receiver.records, 0, 200)).toEqual({ ...perfect, lost: '13,77' });
    expect(await metric(admin, 'log_shipper_dead_letters_total', { reason: '400' })).toBe(2);
    const letters = readFileSync(at.dead, 'utf8').trimEnd().split('\n');
    const records = letters.flatMap((letter) => recordsOf(JSON.parse(letter)));
    expect(records.map(({ body }) => JSON.parse(body).id)).toEqual([13, 77]);
  });
});
