import { readFileSync, writeFileSync } from 'node:fs';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { metric, status } from './support/admin.ts';
import { FakeElasticsearch } from './support/elasticsearch.ts';
import { account, lines, perfect } from './support/lines.ts';
import type { Reply } from './support/receiver.ts';
import { adminUrl, started, startShipper } from './support/shipper.ts';

/** A log file of 200 lines, a fake Elasticsearch, and a shipper between them that `start` starts. */
async function scene(suffix = '') {
  const stack = new AsyncDisposableStack();
  const dir = stack.adopt(tempDir(), (made) => made[Symbol.dispose]());
  const elastic = stack.use(await FakeElasticsearch.start());
  const dead = dir.file('dead.ndjson');
  writeFileSync(dir.file('app.log'), lines(0, 200));
  const flags = { paths: dir.file('app.log'), 'state-dir': dir.file('state'), 'dead-letter': dead };
  const start = async () => {
    const shipper = stack.use(startShipper({ ...flags, sink: elastic.url + suffix }));
    return adminUrl(await started(shipper));
  };
  return { elastic, dead, start, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Many programs start at once, which takes long on a busy machine. */
const timeout = 150_000;

const isDone = (admin: string) =>
  eventually(async () => (await status(admin)).lagBytes === 0, { timeoutMs: 60_000 });

describe.concurrent('the Elasticsearch sink', { timeout }, () => {
  it('creates a document for each line in a data stream', async () => {
    await using at = await scene('?refresh=true#pipeline=mine&compression=gzip');
    await isDone(await at.start());
    expect(at.elastic.faults).toEqual([]);
    expect(account(at.elastic.records, 0, 200)).toEqual(perfect);
    expect(Object.fromEntries(at.elastic.queries[0] ?? [])).toMatchObject({
      ...{ refresh: 'true', pipeline: 'mine', filter_path: expect.stringContaining('errors') },
    });
  });

  it('retries documents rejected for now, in order, and moves permanently rejected ones to the dead letter', async () => {
    await using at = await scene();
    const seen = new Map<unknown, number>();
    at.elastic.itemFault = ({ id }) => {
      const times = (seen.get(id) ?? 0) + 1;
      seen.set(id, times);
      if (id === 13 || id === 77) return { status: 400, type: 'document_parsing_exception' };
      if (Number(id) % 3 === 0 && times === 1)
        return { status: 429, type: 'es_rejected_execution_exception' };
      return id === 42 && times < 4 ? { status: 503, type: 'unavailable_shards_exception' } : undefined;
    };
    const admin = await at.start();
    await isDone(admin);
    const { lost, twice, altered } = account(at.elastic.records, 0, 200);
    expect({ lost, twice, altered }).toEqual({ lost: '13,77', twice: 0, altered: 0 });
    const ids = at.elastic.records.map(({ id }) => Number(id));
    const late = ids.filter((id) => id % 3 === 0 && id !== 42);
    expect(late).toEqual([...late].sort((a, b) => a - b));
    expect(ids.at(-1)).toBe(42);
    expect(seen.get(1)).toBe(1);
    const reason = 'document_parsing_exception';
    expect(await metric(admin, 'log_shipper_dead_letters_total', { reason })).toBe(2);
    expect(await metric(admin, 'log_shipper_records_total')).toBe(198);
    expect(await metric(admin, 'log_shipper_retries_total', { reason: '429' })).toBe(1);
    const letters = readFileSync(at.dead, 'utf8')
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(letters.map(({ create, id }) => id ?? Object.keys(create))).toEqual([['_id'], 13, ['_id'], 77]);
  });

  it.each<[string, (body: string) => Reply]>([
    ['never comes', () => 'handled'],
    ['breaks off', (body) => ({ status: 200, body: body.slice(0, -10) })],
    ['lists no documents', () => 200],
    ['is a 502 from a proxy', () => ({ status: 502, body: '<html>' })],
  ])('stores each document once when an answer %s', async (_, lose) => {
    await using at = await scene('#timeout=2s');
    let answers = 0;
    at.elastic.itemFault = () => undefined;
    const whole = at.elastic.after;
    at.elastic.after = (body) => {
      // all documents are stored, but the shipper gets no acknowledgement
      const text = body.replace('"errors":false', '"errors":true');
      return answers++ < 2 ? lose(text) : whole(body);
    };
    const admin = await at.start();
    await isDone(admin);
    expect(account(at.elastic.records, 0, 200)).toEqual(perfect);
    expect(at.elastic.documents.size).toBe(200);
    expect(await metric(admin, 'log_shipper_retries_total')).toBeGreaterThanOrEqual(2);
    expect(await metric(admin, 'log_shipper_dead_letters_total')).toBe(0);
  });

  it.each<[Reply, number]>([
    [{ status: 429, headers: { 'retry-after': '1' } }, 900],
    [503, 0],
    [401, 0],
    [404, 0],
  ])('retries the whole batch after %j', async (reply, leastMs) => {
    await using at = await scene();
    const times: number[] = [];
    at.elastic.before = () => (times.push(performance.now()) < 3 ? reply : undefined);
    const admin = await at.start();
    await isDone(admin);
    expect(account(at.elastic.records, 0, 200)).toEqual(perfect);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(leastMs);
    expect(await metric(admin, 'log_shipper_dead_letters_total')).toBe(0);
  });

  it('halves a batch that is too large', async () => {
    await using at = await scene();
    at.elastic.before = ({ lines: sent }) => (sent.length > 60 ? 413 : undefined);
    await isDone(await at.start());
    expect(account(at.elastic.records, 0, 200)).toEqual(perfect);
  });

  it('gives up no record while the index rejects every document', async () => {
    await using at = await scene();
    at.elastic.itemFault = () => ({ status: 403, type: 'cluster_block_exception' });
    const admin = await at.start();
    await eventually(async () => (await metric(admin, 'log_shipper_retries_total', { reason: '403' })) > 1);
    at.elastic.itemFault = () => undefined;
    await isDone(admin);
    expect(account(at.elastic.records, 0, 200)).toEqual(perfect);
    expect(await metric(admin, 'log_shipper_dead_letters_total')).toBe(0);
  });
});
