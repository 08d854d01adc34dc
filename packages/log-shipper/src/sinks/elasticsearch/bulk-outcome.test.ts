import { describe, expect, it } from 'vitest';
import { bulkOutcome } from './bulk-outcome.ts';

const records = (count: number) => ({ bytes: Buffer.alloc(0), count, groups: [] });

function outcomeOf(body: string, count: number, status = 200) {
  const answer = { status, retryAfter: undefined, text: body, body: Buffer.from(body) };
  return bulkOutcome(answer, records(count), 0);
}

const item = (status: number, type?: string) => ({
  create: { status, ...(type === undefined ? {} : { error: { type, reason: 'why' } }) },
});
const answer = (...items: unknown[]) => JSON.stringify({ errors: true, items });

describe('bulkOutcome', () => {
  it.each([
    ['no errors', '{"errors":false}', 3],
    ['all created', answer(item(201), item(200)), 2],
    ['an earlier attempt that arrived', answer(item(409, 'version_conflict_engine_exception')), 1],
  ])('accepts: %s', (_, body, count) => {
    expect(outcomeOf(body, count)).toEqual({ kind: 'accepted' });
  });

  it('retries a record whose status, type and reason are not what Elasticsearch sends', () => {
    const odd = { toString: null };
    const body = answer({ create: { status: odd, error: { type: odd, reason: odd } } });
    expect(outcomeOf(body, 1)).toMatchObject({ again: { places: new Set([0]), reason: '500' } });
  });

  it('separates permanently refused records from those to retry', () => {
    const body = answer(
      ...[item(201), item(400, 'document_parsing_exception'), item(429, 'es_rejected_execution_exception')],
      ...[item(503, 'unavailable_shards_exception'), item(409, 'x'), item(400, 'Strange type')],
    );
    expect(outcomeOf(body, 6)).toEqual({
      kind: 'partly-refused',
      refused: new Map([
        [1, 'document_parsing_exception'],
        [5, '400'],
      ]),
      areOthersAccepted: true,
      detail: 'status 400: document_parsing_exception why',
      again: {
        places: new Set([2, 3]),
        reason: '429',
        detail: 'status 429: es_rejected_execution_exception why',
      },
    });
  });

  it.each([401, 403, 404])('retries if every record gets %d, which concerns the index', (status) => {
    expect(outcomeOf(answer(item(status, 'a'), item(status, 'a')), 2)).toMatchObject({ kind: 'retry' });
    expect(outcomeOf(answer(item(status, 'a'), item(201)), 2)).toMatchObject({ kind: 'partly-refused' });
  });

  it.each([
    ['', 1],
    ['{"errors":true,"items":[{"create":{"status":201}},', 2],
    [answer(item(201)), 2],
    ['[]', 1],
    ['null', 1],
    ['"errors"', 1],
    ['{"errors":true}', 1],
  ])('retries the whole batch after an incomplete answer: %s', (body, count) => {
    expect(outcomeOf(body, count)).toMatchObject({ kind: 'retry', reason: 'answer', mayHaveArrived: true });
  });

  it.each([{}, null, [], { create: null }, { create: { status: 'x' } }])(
    'retries a record without a status: %j',
    (said) => {
      expect(outcomeOf(answer(said, item(201)), 2)).toMatchObject({ again: { places: new Set([0]) } });
    },
  );

  it.each([
    [429, 'retry'],
    [503, 'retry'],
    [401, 'retry'],
    [413, 'too-large'],
    [400, 'refused'],
  ])('classifies the status %d as %s', (status, kind) => {
    expect(outcomeOf('', 2, status)).toMatchObject({ kind });
  });
});
