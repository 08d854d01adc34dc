import { describe, expect, it } from 'vitest';
import { httpOutcome, readRetryAfterMs } from './http-outcome.ts';

const outcome = (status: number, retryAfter?: string) => httpOutcome({ status, retryAfter, text: '' }, 0);

describe('httpOutcome', () => {
  it.each([200, 201, 202, 204])('accepts the batch after %d', (status) => {
    expect(outcome(status)).toEqual({ kind: 'accepted' });
  });

  it.each([400, 422])('refuses records after %d', (status) => {
    expect(outcome(status)).toMatchObject({ kind: 'refused', reason: String(status) });
  });

  it('asks for smaller batches after 413', () => {
    expect(outcome(413)).toMatchObject({ kind: 'too-large' });
  });

  it.each([301, 302, 401, 403, 404, 405, 407, 408, 410, 411, 415, 425, 429, 500, 502, 503, 504, 599])(
    'retries after %d',
    (status) => {
      expect(outcome(status)).toEqual({
        ...{ kind: 'retry', reason: String(status), detail: `status ${status}`, afterMs: undefined },
      });
    },
  );

  it('waits as long as the server asks, up to a limit', () => {
    expect(outcome(429, '3')).toMatchObject({ afterMs: 3000 });
    expect(outcome(503, '86400')).toMatchObject({ afterMs: 60_000 });
  });

  it('includes the answer of the server', () => {
    const answer = { status: 400, retryAfter: undefined, text: 'bad field' };
    expect(httpOutcome(answer, 0)).toMatchObject({ detail: 'status 400: bad field' });
  });
});

describe('readRetryAfterMs', () => {
  const now = Date.parse('2026-01-31T12:00:00Z');
  it.each([
    ['5', 5000],
    [' 5 ', 5000],
    ['Sat, 31 Jan 2026 12:00:30 GMT', 30_000],
    ['0', undefined],
    ['Sat, 31 Jan 2026 11:00:00 GMT', undefined],
    ['-5', undefined],
    ['soon', undefined],
    ['', undefined],
    ['99999999999999', undefined],
    [undefined, undefined],
  ])('reads %s as %s', (value, expected) => {
    expect(readRetryAfterMs(value, now)).toBe(expected);
  });
});
