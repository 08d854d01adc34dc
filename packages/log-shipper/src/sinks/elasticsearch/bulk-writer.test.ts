import { describe, expect, it } from 'vitest';
import { Batch } from '../../batch/batch.ts';
import { BulkWriter } from './bulk-writer.ts';

const now = Date.parse('2026-01-31T12:00:00.250Z');

function write(lines: readonly string[], labels: Record<string, string> = {}, bytes = 100_000) {
  const options = { labels, pod: {}, parse: 'auto', onNotJson: () => undefined, now: () => now } as const;
  const writer = new BulkWriter(options, 'id-');
  const batch = new Batch<never, never>({ bytes, records: 1000 });
  const fitted = lines.map((text) => {
    const content = Buffer.from(text);
    writer.begin({ bytes: content, end: content.length, base: 0 }, 0, {
      ...{ file: '/a', writtenMs: now, isAtEnd: true },
    });
    const line = { bytes: content, start: 0, end: content.length, offset: 7, part: 0, isLast: true };
    return writer.write(batch, line);
  });
  return { fitted, text: batch.select([{ from: 0, to: batch.count }]).bytes.toString() };
}

/** Returns the documents after checking the action before each. */
function documents(...args: Parameters<typeof write>): unknown[] {
  const parts = write(...args).text.split('\n');
  expect(parts.pop()).toBe('');
  const parsed = parts.map((part) => JSON.parse(part));
  const actions = parsed.filter((_, index) => index % 2 === 0);
  expect(actions).toEqual(actions.map((_, index) => ({ create: { _id: `id-${index}` } })));
  return parsed.filter((_, index) => index % 2 === 1);
}

describe('BulkWriter', () => {
  it('writes each record after an action with a unique id', () => {
    const many = Array.from({ length: 100 }, (_, index) => `line ${index}`);
    const at = { '@timestamp': '2026-01-31T12:00:00.250Z', file: '/a', offset: 7, labels: { team: 'x' } };
    expect(documents(many, { team: 'x' })).toEqual(
      many.map((message) => ({ ...at, message, labels: at.labels })),
    );
  });

  it.each([
    ['{"a":1}', { '@timestamp': '2026-01-31T12:00:00.250Z', a: 1 }],
    ['{"ts":1769860799}', { '@timestamp': '2026-01-31T11:59:59.000Z', ts: 1769860799 }],
    [
      '{"time":"2026-01-31T10:00:00Z"}',
      { '@timestamp': '2026-01-31T10:00:00.000Z', time: '2026-01-31T10:00:00Z' },
    ],
    [
      '{"time":1,"_time":2,"__time":3}',
      { '@timestamp': '2026-01-31T12:00:00.250Z', time: 1, _time: 2, __time: 3 },
    ],
    [
      '{"@timestamp":"2026-01-31T10:00:00Z"}',
      { '@timestamp': '2026-01-31T10:00:00Z', time: '2026-01-31T10:00:00.000Z' },
    ],
    ['{"a":{"@timestamp":1}}', { '@timestamp': '2026-01-31T12:00:00.250Z', a: { '@timestamp': 1 } }],
    ['the "@timestamp" of', { '@timestamp': '2026-01-31T12:00:00.250Z', message: 'the "@timestamp" of' }],
  ])('gives %s the @timestamp that a data stream needs', (line, expected) => {
    expect(documents([line])).toEqual([{ file: '/a', offset: 7, ...expected }]);
  });

  it('keeps the field names of a document distinct, with any number of underscores', () => {
    const names = Array.from({ length: 12 }, (_, index) => `${'_'.repeat(index)}time`);
    const line = JSON.stringify(Object.fromEntries(names.map((name, index) => [name, index])));
    expect(documents([line])).toEqual([
      { '@timestamp': '2026-01-31T12:00:00.250Z', file: '/a', offset: 7, ...JSON.parse(line) },
    ]);
  });

  it('reports a full batch', () => {
    expect(write(['x'.repeat(300), 'x'.repeat(300)], {}, 1200).fitted).toEqual([true, false]);
  });
});
