import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { bulk, request } from '../../test/support/raw-connection.ts';
import { Figures } from '../figures.ts';
import type { Protocol } from '../resp/value.ts';
import { Link } from '../upstream/link.ts';
import { ReadGate } from '../upstream/read-gate.ts';
import { ReadTurn } from '../upstream/read-turn.ts';
import type { DedicatedTarget, ReplySlice } from '../upstream/reply-target.ts';
import { Turn } from '../upstream/turn.ts';
import { Dedicated } from './dedicated.ts';

const pingAfterMs = 8000;
const timeoutMs = 5000;
const token = /^\*2\r\n\$4\r\nPING\r\n\$32\r\n([0-9a-f]{32})\r\n$/;

/** Minimal socket of a link; its output goes to the test. */
class FakeSocket extends EventEmitter {
  readonly writableLength = 0;
  readonly written: string[] = [];

  write(bytes: Buffer): boolean {
    this.written.push(bytes.toString('latin1'));
    return true;
  }

  pause(): void {}
  resume(): void {}
  destroy(): void {}
}

/** A client with subscriptions over a dedicated link, which gets the same as a session. */
class Subscriber implements DedicatedTarget {
  nowMs = 0;
  got = '';
  /** All bytes of the server, and those for the client. */
  said = '';
  expected = '';
  readonly socket = new FakeSocket();
  readonly link: Link;
  readonly dedicated: Dedicated;
  readonly #protocol: Protocol;
  #frame: Buffer[] = [];
  #delivered = 0;

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
    // the link uses only these members of a socket
    const gate = new ReadGate(this.socket as unknown as Socket, new ReadTurn());
    this.link = new Link(gate, {
      turn: new Turn(),
      figures: new Figures(),
      now: () => this.nowMs,
      timeoutMs,
      pingAfterMs,
      slowMs: Number.POSITIVE_INFINITY,
      largeReplyBytes: Number.POSITIVE_INFINITY,
    });
    this.dedicated = new Dedicated(this.link);
    this.link.dedicateTo(this, () => this.pongForm);
    this.dedicated.subscribe(request('SUBSCRIBE', 'a'), 1, Number.POSITIVE_INFINITY);
    this.say(`${this.sign}3\r\n${bulk('subscribe')}${bulk('a')}:1\r\n`);
    this.deliver();
    this.socket.written.length = 0;
  }

  /** Prefix of messages. */
  get sign(): string {
    return this.#protocol === 2 ? '*' : '>';
  }

  get pongForm() {
    return this.dedicated.pongForm(this.#protocol);
  }

  takeReplies({ bytes, start, end }: ReplySlice): void {
    this.got += bytes.toString('latin1', start, end);
  }

  takeUnsolicited({ bytes, start, end, replies }: ReplySlice): void {
    this.got += bytes.toString('latin1', start, end);
    this.#frame.push(Buffer.from(bytes.subarray(start, end)));
    if (replies === 1) this.dedicated.note(Buffer.concat(this.#frame.splice(0)));
  }

  flush(): void {}
  takeLoss(): void {}

  say(text: string): void {
    this.said += text;
    this.expected += text;
  }

  /** The server's answer to PING. */
  pong(argument: string): string {
    return this.#protocol === 2 ? `*2\r\n${bulk('pong')}${bulk(argument)}` : bulk(argument);
  }

  /** The client sends a PING itself. */
  ping(argument: string): void {
    const bytes = request('PING', argument);
    if (this.#protocol === 2) this.dedicated.sendUntracked(bytes, Number.POSITIVE_INFINITY);
    else {
      const run = { readsAtEnd: 0, isMuted: false, deadline: Number.POSITIVE_INFINITY };
      this.link.send(this, { bytes, start: 0, end: bytes.length, requests: 1, ...run });
      this.link.flush();
    }
    this.say(this.pong(argument));
  }

  /** Time passes, and the server answers a PING of the ambassador. Returns whether there was one. */
  beat(answer = (argument: string) => this.pong(argument)): boolean {
    this.nowMs += pingAfterMs;
    const before = this.socket.written.length;
    this.link.checkDeadline(this.nowMs);
    const argument = token.exec(this.socket.written[before] ?? '')?.[1];
    if (argument === undefined) return false;
    const text = answer(argument);
    this.said += text;
    return true;
  }

  /** Delivers this many bytes from the server, or all. */
  deliver(bytes = Number.POSITIVE_INFINITY): void {
    const piece = Buffer.from(this.said.slice(this.#delivered, this.#delivered + bytes), 'latin1');
    this.#delivered += piece.length;
    this.nowMs++;
    if (piece.length > 0) this.link.receive(piece, piece.length);
  }
}

const busy = '-BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.\r\n';
const message = (sign: string, text: string) => `${sign}3\r\n${bulk('message')}${bulk('a')}${bulk(text)}`;

describe.each([2, 3] as const)('a subscription with PINGs of the ambassador, RESP%i', (protocol) => {
  /** A stream with a PING of the ambassador between messages and PINGs of the client. */
  function fill(client: Subscriber, answer?: () => string): void {
    client.say(message(client.sign, 'first'));
    client.deliver();
    const isAsked = client.beat((argument) => {
      // sent before the PING, and full of text that looks like an answer
      client.say(message(client.sign, `${busy}${client.pong(argument)}${busy}`));
      return answer?.() ?? client.pong(argument);
    });
    expect(isAsked).toBe(true);
    client.say(message(client.sign, client.pong('0'.repeat(32))));
    client.ping('0'.repeat(32));
    client.ping('');
    client.say(message(client.sign, 'last'));
  }

  it.each([
    ['its answer', undefined],
    ['an error', () => busy],
  ])('shows the client everything but %s, wherever the bytes are split', (_, answer) => {
    const model = new Subscriber(protocol);
    const before = model.said.length;
    fill(model, answer);
    for (let at = 1; at < model.said.length - before; at++) {
      const client = new Subscriber(protocol);
      fill(client, answer);
      client.deliver(at);
      client.deliver();
      expect(client.got).toBe(client.expected);
      expect(client.dedicated.isSubscribed).toBe(true);
    }
    while (model.got.length < model.expected.length) model.deliver(1);
    expect(model.got).toBe(model.expected);
  });

  it('shows the client the same as Redis does, for any messages in between', () => {
    let beats = 0;
    const step = fc.oneof(
      fc.record({ kind: fc.constant('say' as const), text: fc.string({ unit: 'binary-ascii' }) }),
      fc.record({ kind: fc.constant('ping' as const), text: fc.constantFrom('', 'x', '0'.repeat(32)) }),
      fc.record({ kind: fc.constant('beat' as const), isBusy: fc.boolean(), isSilent: fc.boolean() }),
      fc.record({ kind: fc.constant('deliver' as const), bytes: fc.integer({ min: 1, max: 90 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => {
        const client = new Subscriber(protocol);
        for (const one of steps) {
          if (one.kind === 'say') client.say(message(client.sign, one.text));
          else if (one.kind === 'ping') client.ping(one.text);
          else if (one.kind === 'deliver') client.deliver(one.bytes);
          else {
            if (one.isSilent) client.deliver();
            if (client.beat(one.isBusy ? () => busy : undefined)) beats++;
            client.deliver(1);
          }
        }
        client.deliver();
        expect(client.got).toBe(client.expected);
        client.dedicated.subscribe(request('UNSUBSCRIBE', 'a'), 1, Number.POSITIVE_INFINITY);
        client.say(`${client.sign}3\r\n${bulk('unsubscribe')}${bulk('a')}:0\r\n`);
        client.deliver();
        expect([client.got === client.expected, client.dedicated.isClean, client.link.isLost]).toEqual([
          true,
          true,
          false,
        ]);
      }),
    );
    expect(beats).toBeGreaterThan(20);
  });
});

describe('a silent server', () => {
  let client: Subscriber;
  const look = (afterMs: number) => {
    client.nowMs += afterMs;
    client.link.checkDeadline(client.nowMs);
    return [client.socket.written.length, client.link.isLost];
  };
  beforeEach(() => {
    client = new Subscriber(2);
  });

  it('gets one PING after a silence, and counts as lost without an answer in time', () => {
    expect(look(pingAfterMs - 1)).toEqual([0, false]);
    client.say(message('*', 'x'));
    client.deliver();
    expect(look(pingAfterMs - 1)).toEqual([0, false]);
    expect(look(1)).toEqual([1, false]);
    expect(look(timeoutMs)).toEqual([1, false]);
    expect(look(1)).toEqual([1, true]);
  });

  it('counts as alive after any bytes', () => {
    expect(look(pingAfterMs)).toEqual([1, false]);
    client.say(message('*', 'x'));
    client.deliver();
    expect(look(timeoutMs + 1)).toEqual([1, false]);
  });

  it('does not count as lost while the client does not read, and its time restarts afterwards', () => {
    expect(look(pingAfterMs)).toEqual([1, false]);
    client.link.hold(true);
    expect(look(10 * timeoutMs)).toEqual([1, false]);
    client.link.hold(false);
    expect(look(timeoutMs)).toEqual([1, false]);
    expect(look(1)).toEqual([1, true]);
  });

  it('also gets a PING on an idle link', () => {
    client.link.dedicateTo(undefined);
    expect(look(pingAfterMs)).toEqual([1, false]);
    const answer = bulk(token.exec(client.socket.written[0] ?? '')?.[1] ?? '');
    client.nowMs++;
    client.link.receive(Buffer.from(answer), answer.length);
    expect(look(timeoutMs + 1)).toEqual([1, false]);
    expect(look(pingAfterMs)).toEqual([2, false]);
  });

  it('gets a PING along with a command that may block, if it was silent', () => {
    client.link.dedicateTo(undefined);
    client.nowMs += 1000;
    client.link.askIfQuiet();
    expect(client.socket.written).toEqual([]);
    client.nowMs += 1;
    client.link.askIfQuiet();
    expect(client.socket.written).toEqual([expect.stringMatching(token)]);
    expect(look(timeoutMs + 1)).toEqual([1, true]);
  });

  it('gets no PING while a reply is pending', () => {
    client = new Subscriber(3);
    client.ping('own');
    expect(look(pingAfterMs)).toEqual([1, false]);
    client.deliver();
    expect(look(pingAfterMs)).toEqual([2, false]);
  });
});

describe('Dedicated', () => {
  const kept = () => new Dedicated(new Subscriber(2).link);

  it.each<[title: string, protocol: Protocol, set: (dedicated: Dedicated) => void, form: string | undefined]>(
    [
      ['watches keys', 2, (dedicated) => dedicated.apply('watch'), 'reply'],
      ['keeps its connection for good', 3, (dedicated) => dedicated.apply('pin'), 'reply'],
      ['is in a transaction, which would include the PING', 2, (one) => one.apply('multi'), undefined],
      ['monitors', 2, (dedicated) => dedicated.apply('monitor'), undefined],
      ['waits for a confirmation', 3, (one) => one.subscribe(request('SUBSCRIBE', 'a'), 1, 1), undefined],
      ['waits for an answer among messages', 2, (one) => one.sendUntracked(request('PING'), 1), undefined],
    ],
  )('sends a PING only if it is safe: the client %s', (_, protocol, set, form) => {
    const dedicated = kept();
    set(dedicated);
    expect(dedicated.pongForm(protocol)).toBe(form);
  });
});
