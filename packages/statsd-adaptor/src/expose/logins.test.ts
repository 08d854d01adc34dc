import { hashSync } from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import { Logins } from './logins.ts';

const users = new Map([
  ['ann', hashSync('open: sesame', 4)],
  ['bob', hashSync('', 4)],
]);
const basic = (login: string) => `Basic ${Buffer.from(login).toString('base64')}`;

describe('a login', () => {
  it.each([
    [basic('ann:open: sesame'), true],
    [basic('ann:open: sesame').replace('Basic', 'bASIC '), true],
    [basic('bob:'), true],
    [basic('ann:wrong'), false],
    [basic('bob:open: sesame'), false],
    [basic('eve:open: sesame'), false],
    [basic('ann'), false],
    [basic(':'), false],
    ['Basic', false],
    ['Basic !', false],
    ['Bearer YTpi', false],
    ['', false],
    [undefined, false],
  ])('with the header %j is valid: %s, and again the second time', async (header, isRight) => {
    const logins = new Logins();
    expect(await logins.admits(users, header)).toBe(isRight);
    expect(await logins.admits(users, header)).toBe(isRight);
  });

  it('is no longer valid after the hash has changed', async () => {
    const logins = new Logins();
    expect(await logins.admits(users, basic('bob:'))).toBe(true);
    expect(await logins.admits(new Map([['bob', hashSync('new', 4)]]), basic('bob:'))).toBe(false);
  });

  it('that was valid before is admitted at once, even during guesses', async () => {
    const logins = new Logins();
    await logins.admits(users, basic('ann:open: sesame'));
    const guesses = Array.from({ length: 50 }, (_, at) => logins.admits(users, basic(`ann:${at}`)));
    expect(await logins.admits(users, basic('ann:open: sesame'))).toBe(true);
    expect(await Promise.all(guesses)).not.toContain(true);
  });
});
