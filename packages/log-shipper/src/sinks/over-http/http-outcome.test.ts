import { describe, expect, it } from 'vitest';
import { httpOutcome, readRetryAfterMs } from './http-outcome.ts';

const outcome = (status: number, retryAfter?: string) => httpOutcome({ status, retryAfter, text: '' }, 0);

describe('httpOutcome', () => {
  it.each([200, 201, 202, 204])('%d is an acknowledgement', (status) => {
    expect(outcome(status)).toEqual({ kind: 'accepted' });
  });

  it.each([400, 422])('%d condemns a record', (status) => {
    expect(outcome(status)).toMatchObject({ kind: 'refused', reason: String(status) });
  });

  it('413 asks for less at once', () => {
    expect(outcome(413)).toMatchObject({ kind: 'too-large' });
  });

  it.each([301, 302, 401, 403, 404, 405, 407, 408, 410, 411, 415, 425, 429, 500, 502, 503, 504, 599])(
    '%d loses nothing: it is tried again',
    (status) => {
      expect(outcome(status)).toEqual({
        ...{ kind: 'retry', reason: String(status), detail: `status ${status}`, afterMs: undefined },
      });
    },
  );

  it('waits as long as the server asks, but not for ever', () => {
    expect(outcome(429, '3')).toMatchObject({ afterMs: 3000 });
    expect(outcome(503, '86400')).toMatchObject({ afterMs: 60_000 });
  });

  it('says what the server says', () => {
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
  ])('%s → %s', (value, expected) => {
    expect(readRetryAfterMs(value, now)).toBe(expected);
  });
});
