import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { partialSuccess, readOtlpRequest, recordsOf } from '../../../testing/otlp-request.ts';
import { Batch } from '../../batch/batch.ts';
import type { RecordOptions } from '../../record/record-writer.ts';
import type { Records } from '../sink.ts';
import { json } from './json.ts';
import { otlpForm } from './otlp-form.ts';
import { protobuf } from './protobuf.ts';

const now = Date.parse('2026-01-31T12:00:00.250Z');
const defaults: RecordOptions = {
  ...{ labels: {}, pod: {}, parse: 'auto', onNotJson: () => undefined, now: () => now },
};

describe.each([
  ['protobuf', protobuf],
  ['JSON', json],
] as const)('OTLP in %s', (_, encoding) => {
  const form = otlpForm(encoding);

  function write(lines: readonly string[], options: Partial<RecordOptions> = {}, part = 0): Records {
    const writer = encoding.writer({ ...defaults, ...options });
    const batch = new Batch<never, never>({ bytes: 200_000, records: 1000 });
    for (const [index, text] of lines.entries()) {
      const bytes = Buffer.from(text);
      const from = { file: '/var/log/app "1".log', writtenMs: now, isAtEnd: true };
      writer.begin({ bytes, end: bytes.length, base: 0 }, 0, from);
      const line = { bytes, start: 0, end: bytes.length, offset: index * 1e15, part, isLast: part > 1 };
      expect(writer.write(batch, line)).toBe(true);
    }
    return batch.select([{ from: 0, to: batch.count }]);
  }

  const request = (...args: Parameters<typeof write>) =>
    readOtlpRequest(form.body(write(...args)), encoding.contentType);

  it('adds the origin of each line and the pod', () => {
    const pod = { name: 'web-1', namespace: 'shop', node: 'n1', uid: 'u1' };
    const [first, second] = request(['a', '{"level":"Warn","ts":1769860799.123456789}'], {
      labels: { app: 'shop', 'k8s.container.name': 'main' },
      pod,
    });
    const resource = {
      'service.name': 'shop',
      ...{ 'k8s.pod.name': 'web-1', 'k8s.namespace.name': 'shop', 'k8s.pod.uid': 'u1' },
      ...{ 'k8s.node.name': 'n1', app: 'shop', 'k8s.container.name': 'main' },
    };
    const file = { 'log.file.path': '/var/log/app "1".log', 'log.file.name': 'app "1".log' };
    expect(first).toEqual({
      ...{ time: undefined, observed: '1769860800250000000', severity: undefined, severityText: undefined },
      body: 'a',
      attributes: { ...file, 'log.file.record_offset': '0' },
      resource,
    });
    expect(second).toMatchObject({
      ...{ time: '1769860799123456789', observed: '1769860800250000000', severity: 13, severityText: 'Warn' },
      attributes: { ...file, 'log.file.record_offset': '1000000000000000' },
    });
  });

  it.each([
    [{}, 'unknown_service'],
    [{ app: 'a', 'app.kubernetes.io/name': 'b' }, 'b'],
    [{ app: 'a', 'service.name': 'c' }, 'c'],
  ])('names the service by %j: %s', (labels, expected) => {
    expect(request(['x'], { labels })[0]?.resource['service.name']).toBe(expected);
  });

  it('preserves any lines, in order', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.json(),
      fc.constant('x'.repeat(20_000)),
    );
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 8 }), (lines) => {
        const wellFormed = lines.map((line) => line.toWellFormed());
        expect(request(lines).map(({ body }) => body)).toEqual(wellFormed);
      }),
      { numRuns: 50 },
    );
  });

  it('marks the parts of a long line', () => {
    expect(request(['x'], {}, 1)[0]?.attributes).toMatchObject({ 'log.record.part': '1' });
    const last = request(['x'], {}, 2)[0]?.attributes;
    expect(last).toMatchObject({ 'log.record.part': '2', 'log.record.last': 'true' });
  });

  it('counts lines that should be JSON but are not', () => {
    const onNotJson = vi.fn();
    write(['a', '{}'], { parse: 'json', onNotJson });
    expect(onNotJson).toHaveBeenCalledTimes(1);
    expect(request(['{"level":"error"}'], { parse: 'none' })[0]?.severity).toBeUndefined();
  });

  it('writes a dead letter as a JSON request', () => {
    const records = write(['{"level":"error","ts":1769860799}'], { labels: { app: 'shop' } });
    const letter = form.letter?.(records).toString() ?? '';
    expect(letter).toMatch(/^[^\n]*\n$/);
    expect(recordsOf(JSON.parse(letter))).toEqual(readOtlpRequest(form.body(records), encoding.contentType));
  });

  it.each([
    [0, 'only a warning', { kind: 'accepted' }],
    [1, 'too old', { kind: 'partly-accepted', refusedCount: 1, reason: 'partial_success' }],
    [2, 'too old', { kind: 'partly-refused', areOthersAccepted: true }],
  ])('reads a success that rejects %d of 2', (rejected, message, expected) => {
    const body = partialSuccess(rejected, message, encoding.contentType);
    const answer = { status: 200, retryAfter: undefined, text: '', body };
    expect(form.outcome(answer, write(['a', 'b']), now)).toMatchObject(expected);
  });

  it.each(['', '{', '\n', '\u0000\u0000', '<html>'])(
    'reads a success with the body %j as full acceptance',
    (text) => {
      const answer = { status: 200, retryAfter: undefined, text, body: Buffer.from(text) };
      expect(form.outcome(answer, write(['a']), now)).toEqual({ kind: 'accepted' });
    },
  );
});
