import { describe, expect, it } from 'vitest';
import { Run } from '../upstream/in-flight.ts';
import type { LinkLoss } from '../upstream/reply-target.ts';
import { type Lost, lossError, noteLost, partLost } from './losses.ts';

const closed: LinkLoss = { reason: 'closed', detail: 'read ECONNRESET' };
const three = Buffer.from('__*1\r\n$1\r\na\r\n*1\r\n$1\r\nb\r\n*1\r\n$1\r\nc\r\n');

function runOf(change: Partial<Run>): Run {
  const chunk = { bytes: three, used: three.length, written: three.length, runs: 1 };
  return Object.assign(new Run(), {
    chunk,
    start: 2,
    end: three.length,
    unanswered: 3,
    readsAtEnd: 3,
    deadline: 5000,
    ...change,
  });
}

describe('noteLost', () => {
  it('keeps pending requests', () => {
    expect(noteLost(runOf({}), closed, 4999).bytes?.toString()).toBe(three.toString().slice(2));
    const later = noteLost(runOf({ unanswered: 1, answered: 2, readsAtEnd: 1 }), closed, 0);
    expect(later.bytes?.toString()).toBe('*1\r\n$1\r\nc\r\n');
    expect(later.count).toBe(1);
  });

  it.each([
    ['it is not a read', { readsAtEnd: 2 }, closed],
    ['its reply is muted', { isMuted: true }, closed],
    ['it was late', {}, { ...closed, reason: 'timeout' as const }],
    ['its deadline has passed', { deadline: 1000 }, closed],
    ['the upstream broke the protocol', {}, { ...closed, reason: 'protocol' as const }],
  ])('retries no request if %s', (_, change, loss) => {
    expect(noteLost(runOf(change), loss, 1000).bytes).toBeUndefined();
  });
});

describe('partLost', () => {
  const lost = (text: string | undefined, loss = closed): Lost => ({
    count: 1,
    size: 1,
    isMuted: false,
    loss,
    deadline: 0,
    bytes: text === undefined ? undefined : Buffer.from(text),
  });
  const [read, write, last] = [lost('read'), lost(undefined), lost('last')];

  it.each([
    ['only reads', [read, last], [], [read, last]],
    ['a write in the middle', [read, write, last], [read, write], [last]],
    ['a write at the end', [read, write], [read, write], []],
    ['requests that the client gave up', [lost(undefined, { ...closed, reason: 'abandoned' })], [], []],
  ])('splits %s', (_, all, failed, repeat) => {
    expect(partLost(all)).toEqual({ failed, repeat });
  });
});

describe('lossError', () => {
  it.each([
    [
      closed,
      'connection-lost',
      '-LOST redis-ambassador: upstream connection lost (unknown outcome): read ECONNRESET\r\n',
    ],
    [
      { reason: 'timeout', detail: 'x' },
      'timeout',
      '-LOST redis-ambassador: upstream timed out (unknown outcome): x\r\n',
    ],
    [
      { reason: 'protocol', detail: 'x' },
      'protocol',
      '-LOST redis-ambassador: upstream protocol error (unknown outcome): x\r\n',
    ],
  ] as const)('describes %o', (loss, reason, text) => {
    expect(lossError(loss)).toEqual({ reason, text });
  });
});
