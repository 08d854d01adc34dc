import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Figures } from '../figures.ts';
import type { ReplySlice } from '../upstream/reply-target.ts';
import type { Home, HomeKeeper } from './home.ts';
import { Order } from './order.ts';
import { Output } from './output.ts';

/** A client that reads all its output, and the received bytes. */
function open() {
  let text = '';
  const socket = new Writable({
    write(bytes: Buffer, _, done) {
      text += bytes.toString('latin1');
      done();
    },
  });
  // an output uses only stream methods of a socket
  const output = new Output(socket as unknown as Socket, new Figures());
  let settled = 0;
  const keeper: HomeKeeper = {
    settled: (requests) => {
      settled += requests;
    },
    gathered: () => true,
    lost: () => {},
    refused: () => false,
    flush: () => {},
    clientAddress: '',
    areReadsDoubtful: false,
  };
  const got = () => {
    output.flush();
    return text;
  };
  return { order: new Order(output, keeper), got, settled: () => settled };
}

const replyOf = (request: number) => `$${String(request).length}\r\n${request}\r\n`;

/** The replies to some requests, the last one perhaps incomplete. */
function sliceOf(whole: string, part = '', replies = 1): ReplySlice {
  const bytes = Buffer.from(whole + part);
  const end = { wholeEnd: whole.length, end: bytes.length };
  return { bytes, start: 0, ...end, isHeldBack: false, replies, freedBytes: 0 };
}

describe('Order', () => {
  it('passes on replies of the first server, and holds those of others until their turn', () => {
    const { order, got } = open();
    const places = [0, 1, 2].map(() => order.open(1, false));
    places[2]?.takeReplies(sliceOf(replyOf(2)));
    places[1]?.takeReplies(sliceOf('', '$1\r', 0));
    expect([got(), order.heldBytes]).toEqual(['', 10]);
    places[0]?.takeReplies(sliceOf(replyOf(0)));
    places[1]?.takeReplies(sliceOf('\n1\r\n'));
    expect([got(), order.heldBytes, order.isOpen]).toEqual([[0, 1, 2].map(replyOf).join(''), 0, false]);
  });

  it('drops the beginning of a lost reply, unless the client got it', () => {
    const { order, got } = open();
    const [first, second] = [order.open(1, false), order.open(2, false)];
    second.takeReplies(sliceOf(replyOf(1), '$100\r\nab'));
    expect(second.dropPartial()).toBe(true);
    first.give('-LOST\r\n');
    second.give('-LOST\r\n');
    expect(got()).toBe(`-LOST\r\n${replyOf(1)}-LOST\r\n`);
  });

  it('holds replies of any size in any number of parts, and frees the memory at the end', () => {
    const { order, got } = open();
    const [first, ...others] = [0, 1, 2, 3].map(() => order.open(2, false));
    const large = `$9000\r\n${'x'.repeat(9000)}\r\n`;
    for (const place of others.toReversed()) {
      place.takeReplies(sliceOf(replyOf(1), large.slice(0, 50)));
      place.takeReplies(sliceOf('', large.slice(50, 8000), 0));
      place.takeReplies(sliceOf(large.slice(8000)));
    }
    const held = 3 * (replyOf(1).length + large.length);
    expect([got(), order.heldBytes, order.memoryBytes >= held]).toEqual(['', held, true]);
    first?.takeReplies(sliceOf(replyOf(1) + large, '', 2));
    expect(got()).toBe((replyOf(1) + large).repeat(4));
    expect([order.heldBytes, order.memoryBytes, order.isOpen]).toEqual([0, 0, false]);
  });

  it('gives nothing to a client without replies', () => {
    const { order, got } = open();
    order.open(1, true).give('-LOST\r\n');
    order.open(1, false).give('+OK\r\n');
    expect(got()).toBe('+OK\r\n');
  });

  it('keeps the order for any nodes, delays, pieces and redirects', () => {
    // each entry: the node of a run of requests, and their number
    const runs = fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 4 })), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(runs, fc.array(fc.nat(9), { minLength: 300, maxLength: 300 }), (script, choices) => {
        const { order, got, settled } = open();
        const nodes: Array<Array<{ home: Home; request: number }>> = [[], [], [], []];
        let next = 0;
        let at = 0;
        const choose = (below: number) => (choices[at++ % choices.length] ?? 0) % below;
        for (const [node, count] of script) {
          const home = order.open(count, false);
          for (let index = 0; index < count; index++) nodes[node]?.push({ home, request: next++ });
        }
        for (let left = next; left > 0; ) {
          const queue = nodes[choose(4)];
          const head = queue?.[0];
          if (queue === undefined || head === undefined) continue;
          queue.shift();
          if (choose(5) === 0) {
            // a redirect: only this reply comes from the other node, after its earlier ones
            const { one, rest } = head.home.single();
            for (const other of queue) if (rest !== undefined && other.home === head.home) other.home = rest;
            nodes[choose(4)]?.push({ home: one, request: head.request });
            continue;
          }
          const bytes = replyOf(head.request);
          const cut = choose(2) === 0 ? 0 : choose(bytes.length);
          if (cut > 0) head.home.takeReplies(sliceOf('', bytes.slice(0, cut), 0));
          head.home.takeReplies(sliceOf(bytes.slice(cut)));
          left--;
        }
        expect(got()).toBe(Array.from({ length: next }, (_, request) => replyOf(request)).join(''));
        expect([settled(), order.isOpen, order.heldBytes]).toEqual([next, false, 0]);
      }),
    );
  });
});
