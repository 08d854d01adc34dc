import { describe, expect, it } from 'vitest';
import { clientWith, dedicatedWith, requestOf, summaryOf, topology } from '../../test/support/decisions.ts';
import { decideLarge } from './large.ts';

describe('decideLarge', () => {
  const kept = clientWith({ dedicated: dedicatedWith() });
  const transaction = clientWith({ dedicated: dedicatedWith({ isInTransaction: true }) });

  it.each([
    ['SET', kept, 'stream'],
    ['NOSUCH', kept, 'stream'],
    ['SET', clientWith(), 'wait:dedicated'],
    ['SET', clientWith({ isAnswered: false }), 'wait:replies'],
    ['SET', clientWith({ obstacleTo: () => 'connection' }), 'wait:connection'],
    ['SET', clientWith({ obstacleTo: () => ({ error: '-LOADING\r\n' }) }), 'refuse:unavailable'],
    ['SET', clientWith({ dedicatedRefusal: '-ERR all in use\r\n' }), 'refuse:unavailable'],
    ['SET', clientWith({ isLoggedIn: false }), 'keep'],
    ['AUTH', kept, 'keep'],
    ['CLIENT', kept, 'keep'],
    ['SUBSCRIBE', kept, 'keep'],
    ['SUBSCRIBE', transaction, 'stream'],
    ['SET', transaction, 'stream'],
  ])('decides about %s (row %#)', (name, client, done) => {
    expect(summaryOf(decideLarge(requestOf(name), client, topology))).toBe(done);
  });
});
