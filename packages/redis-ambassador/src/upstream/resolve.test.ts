import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { createResolver } from './resolve.ts';

const first: LookupAddress[] = [{ address: '10.0.0.1', family: 4 }];
const second: LookupAddress[] = [
  { address: '10.0.0.2', family: 4 },
  { address: 'fd00::2', family: 6 },
];

/** A resolver with scripted answers, and a record of its queries. */
function withAnswers(...answers: Array<LookupAddress[] | Error>) {
  const asked: string[] = [];
  const lookup = createResolver(async (host) => {
    asked.push(host);
    const answer = answers.shift() ?? new Error('asked too often');
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const all = (host: string) =>
    new Promise((resolve, reject) => {
      lookup(host, { all: true }, (error, addresses) =>
        error === null ? resolve(addresses) : reject(error),
      );
    });
  return { asked, lookup, all };
}

describe('createResolver', () => {
  it('queries each time, but only once for concurrent requests', async () => {
    const { asked, all } = withAnswers(first, second);
    expect(await Promise.all([all('redis'), all('redis')])).toEqual([first, first]);
    expect(await all('redis')).toEqual(second);
    expect(asked).toEqual(['redis', 'redis']);
  });

  it('uses the previous addresses while the resolver fails', async () => {
    const { all } = withAnswers(first, new Error('EAI_AGAIN'), second);
    expect([await all('redis'), await all('redis'), await all('redis')]).toEqual([first, first, second]);
  });

  it('fails if it never resolved the name', async () => {
    const { all } = withAnswers(new Error('ENOTFOUND'));
    await expect(all('redis')).rejects.toThrow('ENOTFOUND');
  });

  it('returns a single address on request', async () => {
    const { lookup } = withAnswers(second);
    const answer = await new Promise((resolve) => {
      lookup('redis', {}, (_error, address, family) => resolve([address, family]));
    });
    expect(answer).toEqual(['10.0.0.2', 4]);
  });
});
