import { expect, it } from 'vitest';
import { failure } from '../probe/outcome.ts';
import { conceal } from './conceal.ts';

const base = { state: 'waiting', tries: 1, elapsedMs: 0 } as const;

it('takes out what a server repeats of a secret', () => {
  const text = "ERR unknown command 'AUTH', with args beginning with: 'me' 'hunter2!' 'hunter2!more'";
  const { failure: shown } = conceal({ ...base, failure: failure('not-ready', text) }, [
    'hunter2!',
    'hunter2!more',
  ]);
  expect(shown?.detail).toBe("ERR unknown command 'AUTH', with args beginning with: 'me' '***' '***'");
});

it('does so in what a success says as well', () => {
  const progress = { ...base, state: 'ready', success: { ok: true, detail: 'hello hunter2!' } } as const;
  expect(conceal(progress, ['hunter2!']).success?.detail).toBe('hello ***');
});

it('leaves words alone that a very short secret is part of', () => {
  const progress = { ...base, failure: failure('refused', '127.0.0.1:80 refused') };
  expect(conceal(progress, ['1', 'ref'])).toEqual(progress);
});

it('shows what steers a terminal, and cuts what has no end', () => {
  const text = `ERR \u001b[2J\u009b1m\nwait-for: ready \u202e ${'x'.repeat(100_000)}`;
  const { failure: shown } = conceal({ ...base, failure: failure('not-ready', text) }, []);
  expect(shown?.detail).toMatch(/^ERR \\u001b\[2J\\u009b1m\\u000await-for: ready \\u202e x+…$/);
  expect(shown?.detail.length).toBeLessThan(1100);
});
