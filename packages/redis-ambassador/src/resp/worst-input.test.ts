import { mostSeconds, secondsOf } from '@pod-patterns/kit/testing/seconds';
import { describe, expect, it } from 'vitest';
import { Dedicated } from '../session/dedicated.ts';
import type { Link } from '../upstream/link.ts';
import { decodeReply } from './decode.ts';
import { error } from './encode.ts';
import { splitInline } from './inline.ts';
import { ReplyScanner } from './reply-scanner.ts';
import { malformed, RequestScanner } from './request-scanner.ts';

/** At least a megabyte. */
const much = (text: string) => Buffer.from(text.repeat(Math.ceil(1_000_000 / text.length)), 'latin1');

describe.each([
  ...['a', ' ', '"', '\\', '"\\x4', "'", "'a' ", '\0', '\r', '\n', '\r\n', '1', '-', ':'],
  ...['*1\r\n', '*9\r\n', '$1\r\n', '$1\r\na\r\n', '>3\r\n', '%1\r\n', '|1\r\n', '+\r\n', '-ERR ', ':1\r\n'],
])('a megabyte of %j takes linear time', (piece) => {
  const bytes = much(piece);

  it('as an inline request', () => {
    expect(secondsOf(() => splitInline(bytes))).toBeLessThan(mostSeconds);
  });

  it.each([1024, 1_000_000])('as requests, %i bytes at a time', (size) => {
    const scan = () => {
      const scanner = new RequestScanner();
      // an incomplete request is scanned again with more bytes
      let at = 0;
      for (let end = size; end <= bytes.length; end += size) {
        let next = at;
        while (next >= 0 && next < end) {
          at = next;
          next = scanner.next(bytes, at, end);
        }
        if (next === malformed) return;
        if (next >= 0) at = next;
      }
    };
    expect(secondsOf(scan)).toBeLessThan(mostSeconds);
  });

  it.each([1024, 1_000_000])('as replies, %i bytes at a time', (size) => {
    const scan = () => {
      const scanner = new ReplyScanner();
      for (let at = 0; at < bytes.length; at += size) {
        const end = Math.min(at + size, bytes.length);
        let next = at;
        while (next >= 0 && next < end) next = scanner.next(bytes, next, end);
        if (next === malformed) return;
      }
    };
    expect(secondsOf(scan)).toBeLessThan(mostSeconds);
  });

  it('as a decoded reply and as a forwarded error', () => {
    const decode = () => {
      try {
        decodeReply(bytes);
      } catch {
        // rejected in linear time
      }
    };
    expect(secondsOf(decode)).toBeLessThan(mostSeconds);
    expect(secondsOf(() => error(bytes.toString('latin1')))).toBeLessThan(mostSeconds);
  });

  it('as the name of a channel', () => {
    const dedicated = new Dedicated({ dueAt: Number.POSITIVE_INFINITY } as Link); // only its deadline matters here
    const frame = Buffer.concat([Buffer.from('*3\r\n$9\r\nsubscribe\r\n$1000000\r\n'), bytes]);
    expect(secondsOf(() => dedicated.note(frame))).toBeLessThan(mostSeconds);
  });
});
