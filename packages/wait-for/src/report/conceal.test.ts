import { expect, it } from 'vitest';
import { failure } from '../probe/outcome.ts';
import { conceal } from './conceal.ts';

const base = { state: 'waiting', tries: 1, elapsedMs: 0 } as const;

it('removes a secret that a server repeats', () => {
  const text = "ERR unknown command 'AUTH', with args beginning with: 'me' 'hunter2!' 'hunter2!more'";
  const { failure: shown } = conceal({ ...base, failure: failure('not-ready', text) }, [
    'hunter2!',
    'hunter2!more',
  ]);
  expect(shown?.detail).toBe("ERR unknown command 'AUTH', with args beginning with: 'me' '***' '***'");
});

it('removes a secret from the text of a success', () => {
  const progress = { ...base, state: 'ready', success: { ok: true, detail: 'hello hunter2!' } } as const;
  expect(conceal(progress, ['hunter2!']).success?.detail).toBe('hello ***');
});

it('keeps words that contain a very short secret', () => {
  const progress = { ...base, failure: failure('refused', '127.0.0.1:80 refused') };
  expect(conceal(progress, ['1', 'ref'])).toEqual(progress);
});

it('escapes control characters, and cuts long texts', () => {
  const text = `ERR \u001b[2J\u009b1m\nwait-for: ready \u202e ${'x'.repeat(100_000)}`;
  const { failure: shown } = conceal({ ...base, failure: failure('not-ready', text) }, []);
  expect(shown?.detail).toMatch(/^ERR \\u001b\[2J\\u009b1m\\u000await-for: ready \\u202e x+…$/);
  expect(shown?.detail.length).toBeLessThan(1100);
});
