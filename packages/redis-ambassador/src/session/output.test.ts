import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Figures } from '../figures.ts';
import { Output } from './output.ts';

/** A client that reads at once, or never. */
function open({ reads = true } = {}) {
  let text = '';
  const socket = new Writable({
    highWaterMark: 1,
    write(bytes: Buffer, _, done) {
      text += bytes.toString('latin1');
      if (reads) done();
    },
  });
  // an output uses only stream methods of a socket
  const output = new Output(socket as unknown as Socket, new Figures());
  /** Adds whole replies and the beginning of another one. */
  const take = (whole: string, part: string, isHeldBack: boolean) => {
    const bytes = Buffer.from(whole + part);
    const end = { wholeEnd: whole.length, end: bytes.length };
    output.append({ bytes, start: 0, ...end, isHeldBack, replies: Number(whole !== ''), freedBytes: 0 });
    output.flush();
  };
  return { output, take, sent: () => text };
}

const long = 'x'.repeat(100_000);

describe('Output', () => {
  it('writes the beginning of a long reply, unless it may still be dropped', () => {
    const { output, take, sent } = open();
    take('+OK\r\n', long, true);
    expect([sent(), output.isInsideReply]).toEqual(['+OK\r\n', false]);
    take('', long, true);
    output.dropPartial();
    output.flush();
    expect(sent()).toBe('+OK\r\n');
    take('', long, false);
    expect([sent().length, output.isInsideReply]).toEqual([100_005, true]);
    take('end\r\n', '', false);
    expect([sent().length, output.isInsideReply]).toEqual([100_010, false]);
  });

  it('writes a held-back reply once it is whole, or no longer droppable', () => {
    const { take, sent } = open();
    take('', long, true);
    take('\r\n', '', false);
    expect(sent().length).toBe(100_002);
    take('', long, true);
    take('', 'y', false);
    expect(sent().length).toBe(200_003);
  });

  it('separates bytes that wait for the client from those that wait for the rest of a reply', () => {
    const reading = open();
    reading.take('', long, true);
    expect([reading.output.waitingBytes, reading.output.unreadBytes]).toEqual([0, 100_000]);
    const lazy = open({ reads: false });
    lazy.take(long, '', false);
    lazy.take(long, '', false);
    expect(lazy.output.waitingBytes).toBe(200_000);
  });

  it('frees all unwritten bytes', () => {
    const { output, take } = open();
    take('', long, true);
    expect(output.heldBytes).toBeGreaterThan(100_000);
    output.clear();
    expect([output.heldBytes, output.unreadBytes]).toEqual([0, 0]);
  });
});
