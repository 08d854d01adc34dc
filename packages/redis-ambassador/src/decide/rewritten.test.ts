import { describe, expect, it } from 'vitest';
import { clientWith, dedicatedWith, requestOf, topology } from '../../test/support/decisions.ts';
import type { Action } from './action.ts';
import { decide } from './decide.ts';

/** Client 7 blocks, and Redis knows it as 42; client 8 is subscribed, as 43. */
const others = {
  dedicatedOf: (id: number) =>
    new Map([
      [7, { isBlocking: true, remoteId: 42 }],
      [8, { isBlocking: false, remoteId: 43 }],
    ]).get(id),
};
const client = clientWith(others);
const kept = clientWith({ ...others, dedicated: dedicatedWith() });
/** The words of the request that is sent, or the text of the reply. */
function outcomeOf(action: Action): string {
  if ('request' in action) return action.request.words.map(String).join(' ');
  return 'text' in action ? action.text : action.kind;
}

describe('SELECT', () => {
  it.each([
    ['SELECT x', client, '-ERR value is not an integer or out of range\r\n'],
    ['SELECT 01', client, '-ERR value is not an integer or out of range\r\n'],
    ['SELECT -1', client, '-ERR DB index is out of range\r\n'],
    ['SELECT 2147483648', client, '-ERR DB index is out of range\r\n'],
    ['SELECT 3', clientWith({ obstacleToDb: () => ({ error: '-ERR no\r\n' }) }), '-ERR no\r\n'],
    ['SELECT 3', client, 'answer'],
    ['SELECT 3', kept, 'SELECT 3'],
  ])('%s: %o', (line, who, outcome) => {
    expect(outcomeOf(decide(requestOf(line), who, topology))).toBe(outcome);
  });

  it('on a dedicated connection changes the database at once', () => {
    expect(decide(requestOf('SELECT 3'), kept, topology)).toMatchObject({ effect: 'pin', db: 3 });
  });

  it('waits for the connections of the database it asks for', () => {
    const waiting = clientWith({ obstacleToDb: () => 'connection' });
    expect(decide(requestOf('SELECT 3'), waiting, topology)).toMatchObject({ for: 'connection', db: 3 });
  });
});

describe('CLIENT UNBLOCK', () => {
  it.each([
    ['CLIENT UNBLOCK 7', 'CLIENT UNBLOCK 42 timeout'],
    ['CLIENT UNBLOCK 7 TIMEOUT', 'CLIENT UNBLOCK 42 timeout'],
    ['CLIENT UNBLOCK 7 error', 'CLIENT UNBLOCK 42 error'],
    ['CLIENT UNBLOCK 8', ':0\r\n'],
    ['CLIENT UNBLOCK 9', ':0\r\n'],
    ['CLIENT UNBLOCK x', '-ERR value is not an integer or out of range\r\n'],
    ['CLIENT UNBLOCK x nope', '-ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR\r\n'],
    ['CLIENT UNBLOCK 7 error x', "-ERR wrong number of arguments for 'client|unblock' command\r\n"],
    ['CLIENT UNBLOCK', "-ERR wrong number of arguments for 'client|unblock' command\r\n"],
  ])('%s: %s', (line, outcome) => {
    expect(outcomeOf(decide(requestOf(line), client, topology))).toBe(outcome);
  });
});

describe('CLIENT TRACKING', () => {
  it.each([
    ['CLIENT TRACKING on', 'CLIENT TRACKING on'],
    ['CLIENT TRACKING on REDIRECT 8 BCAST', 'CLIENT TRACKING on REDIRECT 43 BCAST'],
    ['CLIENT TRACKING on redirect 9', '-ERR The client ID you want redirect to does not exist\r\n'],
    ['CLIENT TRACKING on redirect', '-ERR The client ID you want redirect to does not exist\r\n'],
  ])('%s: %s', (line, outcome) => {
    expect(outcomeOf(decide(requestOf(line), kept, topology))).toBe(outcome);
  });
});
