import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Figures } from '../figures.ts';
import { encodeRequest } from '../resp/encode.ts';
import { Link } from './link.ts';
import { ReadGate } from './read-gate.ts';
import { ReadTurn } from './read-turn.ts';
import type { DedicatedTarget, ReplySlice, Run, RunLoss, SentRun } from './reply-target.ts';
import { Turn } from './turn.ts';

/** Records its replies. */
class FakeTarget implements DedicatedTarget {
  got = '';
  /** End of the bytes that may be passed on. */
  firm = 0;
  replies = 0;
  readonly lost: string[] = [];
  flush(): void {}

  takeReplies({ bytes, start, wholeEnd, end, isHeldBack, replies }: ReplySlice): void {
    const wholeLength = this.got.length + wholeEnd - start;
    this.got += bytes.toString('latin1', start, end);
    this.replies += replies;
    if (replies > 0 || !isHeldBack) this.firm = isHeldBack ? wholeLength : this.got.length;
  }

  takeUnsolicited(): void {}

  takeLoss({ unanswered }: SentRun, { reason }: RunLoss): void {
    this.lost.push(`${reason} ${unanswered}`);
  }
}

/** Replies above 100 bytes are large; requests may take a second. */
function open() {
  const clock = { now: 0 };
  const socket = new Duplex({ read: () => {}, write: (_bytes, _encoding, done) => done() });
  const services = {
    turn: new Turn(),
    figures: new Figures(),
    now: () => clock.now,
    timeoutMs: 1000,
    pingAfterMs: Number.POSITIVE_INFINITY,
    slowMs: Number.POSITIVE_INFINITY,
    largeReplyBytes: 100,
  };
  // a link uses only stream methods of a socket
  const link = new Link(new ReadGate(socket as unknown as Socket, new ReadTurn()), services);
  const send = (target: FakeTarget, requests: number, readsAtEnd = requests) => {
    const bytes = Buffer.concat(Array.from({ length: requests }, () => encodeRequest(['GET', 'a'])));
    link.send(target, {
      bytes,
      start: 0,
      end: bytes.length,
      requests,
      readsAtEnd,
      isMuted: false,
      deadline: clock.now + 1000,
    });
    link.flush();
  };
  const receive = (text: string) => link.receive(Buffer.from(text), text.length);
  return { link, clock, send, receive };
}

/** Handles redirects, and every reply while `isWary`. */
class LookingTarget extends FakeTarget {
  isWary = false;
  readonly offered: string[] = [];

  takeError(run: Run, text: string): boolean {
    this.offered.push(`${text} to ${run.requestAt(run.answered).toString().split('\r\n')[4]}`);
    return text.startsWith('MOVED') || this.isWary;
  }
}

const bulk = (size: number) => `$${size}\r\n${'x'.repeat(size)}\r\n`;

describe('a reply on a shared link', () => {
  it.each([
    ['is passed on in pieces if it is a small bulk string', '$90\r\nxx', 7, []],
    ['is diverted if it is a large bulk string', '$95\r\nxx', 0, ['diverted 1']],
    ['is held back if it is an aggregate that may become large', '*9\r\n$50\r\nxx', 0, []],
    ['is passed on with its last value if it is a small aggregate', '*1\r\n$50\r\nxx', 11, []],
    ['is diverted if it is an aggregate that becomes large', `*9\r\n${bulk(40)}$60\r\n`, 0, ['diverted 1']],
    [
      'is diverted if it is an aggregate of many small values',
      `*99\r\n${':1\r\n'.repeat(26)}`,
      0,
      ['diverted 1'],
    ],
    [
      'is diverted if it is a large aggregate in RESP3',
      `%9\r\n+a\r\n${bulk(40)}+b\r\n$60\r\n`,
      0,
      ['diverted 1'],
    ],
  ] as const)('%s', (_, text, firm, lost) => {
    const { send, receive } = open();
    const target = new FakeTarget();
    send(target, 1);
    receive(text);
    expect([target.firm, target.lost]).toEqual([firm, lost]);
  });

  it.each([
    ['an answered write before it', [[2, 1]], ['diverted 1']],
    [
      'reads after it',
      [
        [1, 1],
        [3, 3],
      ],
      ['diverted 1', 'diverted 3'],
    ],
    ['a write after it in the same piece', [[2, 0]], []],
    [
      'a write after it in another piece',
      [
        [1, 1],
        [1, 0],
      ],
      [],
    ],
    ['a write as its request', [[1, 0]], []],
  ] as const)('that is large diverts only reads, with %s', (title, runs, lost) => {
    const { send, receive } = open();
    const target = new FakeTarget();
    for (const [requests, reads] of runs) send(target, requests, reads);
    const before = title.includes('before') ? '+OK\r\n' : '';
    receive(`${before}$200\r\nxx`);
    expect(target.lost).toEqual(lost);
    expect(target.firm).toBe(before.length + (lost.length === 0 ? 8 : 0));
  });

  it('is discarded if diverted, but not the replies of others', () => {
    const { send, receive, link } = open();
    const [one, other] = [new FakeTarget(), new FakeTarget()];
    send(one, 1);
    send(other, 1);
    send(one, 2);
    send(other, 1);
    const text = `${bulk(500)}+first\r\n${bulk(9)}${bulk(8)}+second\r\n`;
    for (const byte of text) receive(byte);
    expect([one.got.length, one.replies, one.lost]).toEqual([
      expect.any(Number),
      0,
      ['diverted 1', 'diverted 2'],
    ]);
    expect([one.firm, other.got, other.lost]).toEqual([0, '+first\r\n+second\r\n', []]);
    expect(link.inFlightCount).toBe(0);
  });

  it('is measured separately from a previous one', () => {
    const { send, receive } = open();
    const target = new FakeTarget();
    send(target, 2);
    receive('$90\r\nxx');
    receive(`${'x'.repeat(88)}\r\n$200\r\nxx`);
    expect([target.replies, target.firm, target.lost]).toEqual([1, 97, ['diverted 1']]);
  });
});

describe('the deadline of a dedicated link', () => {
  function lend() {
    const opened = open();
    const target = new FakeTarget();
    opened.link.dedicateTo(target);
    opened.send(target, 1);
    const at = (ms: number) => {
      opened.clock.now = ms;
      opened.link.checkDeadline(ms);
      return opened.link.isLost;
    };
    return { ...opened, at };
  }

  it('is the deadline of the request until its reply begins', () => {
    const { at } = lend();
    expect([at(1000), at(1001)]).toEqual([false, true]);
  });

  it('moves with each part of the reply', () => {
    const { at, receive } = lend();
    at(900);
    receive('$1000\r\nxx');
    at(1800);
    receive('xx');
    expect([at(2800), at(2801)]).toEqual([false, true]);
  });

  it('does not count while the reply waits for the client', () => {
    const { at, link, receive } = lend();
    receive('$1000\r\nxx');
    link.hold(true);
    expect(at(60_000)).toBe(false);
    link.hold(false);
    expect([at(61_000), at(61_001)]).toEqual([false, true]);
  });
});

it('a shared link is closed when a reply is late, even if it has begun', () => {
  const { link, send, receive, clock } = open();
  send(new FakeTarget(), 1);
  clock.now = 900;
  receive('$90\r\nxx');
  link.checkDeadline(1001);
  expect(link.isLost).toBe(true);
});

describe('an error on a shared link', () => {
  const replies = '$1\r\na\r\n-MOVED 1 h:1\r\n-ERR no\r\n+OK\r\n';

  it('is offered to the target once, whole and with its request, and is passed on if the target declines', () => {
    for (let cut = 0; cut <= replies.length; cut++) {
      const { link, send, receive } = open();
      const target = new LookingTarget();
      send(target, 4);
      receive(replies.slice(0, cut));
      receive(replies.slice(cut));
      expect(target.offered).toEqual(['MOVED 1 h:1 to a', 'ERR no to a']);
      expect([target.got, target.replies]).toEqual(['$1\r\na\r\n-ERR no\r\n+OK\r\n', 3]);
      expect(link.inFlightCount).toBe(0);
    }
  });

  it('is offered to a wary target like all replies', () => {
    for (let cut = 0; cut <= replies.length; cut++) {
      const { link, send, receive } = open();
      const target = new LookingTarget();
      target.isWary = true;
      send(target, 4);
      receive(replies.slice(0, cut));
      receive(replies.slice(cut));
      expect(target.offered).toHaveLength(4);
      expect([target.got, link.inFlightCount, link.isLost]).toEqual(['', 0, false]);
    }
  });

  it('is an ordinary reply for a target that does not inspect', () => {
    const { send, receive } = open();
    const target = new FakeTarget();
    send(target, 4);
    receive(replies);
    expect([target.got, target.replies]).toEqual([replies, 4]);
  });
});
