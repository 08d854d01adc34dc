import { describe, expect, it } from 'vitest';
import type { Link } from '../upstream/link.ts';
import { Dedicated } from './dedicated.ts';

const frame = (prefix: string, kind: string, name: string | undefined, count: number) =>
  Buffer.from(
    `${prefix}3\r\n$${kind.length}\r\n${kind}\r\n${name === undefined ? '$-1' : `$${name.length}\r\n${name}`}\r\n:${count}\r\n`,
  );

/** Only its deadline and `send` are used here. */
const withDeadline = () => ({ dueAt: Number.POSITIVE_INFINITY, sendRaw: () => {} }) as unknown as Link;
const request = Buffer.from('');

describe.each(['*', '>'])('Dedicated, with the prefix %s', (prefix) => {
  it('counts channels, patterns and shard channels separately', () => {
    const dedicated = new Dedicated(withDeadline());
    dedicated.subscribe(request, 4, 1000);
    expect(dedicated.link.dueAt).toBe(1000);
    dedicated.note(frame(prefix, 'subscribe', 'a', 1));
    dedicated.note(frame(prefix, 'subscribe', 'a:1\r\n', 2));
    dedicated.note(frame(prefix, 'psubscribe', 'p*', 3));
    dedicated.note(frame(prefix, 'ssubscribe', 's', 1));
    expect(dedicated.subscriptions).toEqual({ channel: 2, pattern: 1, shard: 1 });
    expect([dedicated.isExpecting, dedicated.isClean, dedicated.link.dueAt]).toEqual([
      false,
      false,
      Infinity,
    ]);
    dedicated.note(frame(prefix, 'unsubscribe', 'a', 2));
    dedicated.note(frame(prefix, 'punsubscribe', 'p*', 1));
    expect(dedicated.subscriptions).toEqual({ channel: 1, pattern: 0, shard: 1 });
    dedicated.note(frame(prefix, 'unsubscribe', 'b', 0));
    dedicated.note(frame(prefix, 'sunsubscribe', 's', 0));
    expect(dedicated.isClean).toBe(true);
  });

  it('is not misled by messages', () => {
    const dedicated = new Dedicated(withDeadline());
    dedicated.subscribe(request, 1, 1000);
    dedicated.note(frame(prefix, 'subscribe', 'a', 1));
    dedicated.subscribe(request, 1, 1000);
    dedicated.note(Buffer.from(`${prefix}3\r\n$7\r\nmessage\r\n$1\r\na\r\n$16\r\nunsubscribe\r\n:0\r\n\r\n`));
    dedicated.note(Buffer.from(`${prefix}4\r\n$8\r\npmessage\r\n$1\r\n*\r\n$1\r\na\r\n$1\r\nx\r\n`));
    expect([dedicated.isExpecting, dedicated.isSubscribed]).toEqual([true, true]);
    dedicated.note(frame(prefix, 'unsubscribe', 'a', 0));
    expect(dedicated.isClean).toBe(true);
  });

  it('stops waiting for confirmations after an error, unless it answers another request', () => {
    const dedicated = new Dedicated(withDeadline());
    dedicated.sendUntracked(request, 1000);
    dedicated.subscribe(request, 2, 1000);
    dedicated.note(Buffer.from("-ERR Can't execute 'get'\r\n"));
    expect(dedicated.isExpecting).toBe(true);
    dedicated.note(Buffer.from('-NOPERM\r\n'));
    expect(dedicated.isClean).toBe(true);
  });
});

it('a link with watched keys is clean again after UNWATCH and after EXEC', () => {
  const dedicated = new Dedicated(withDeadline());
  dedicated.apply('watch');
  expect(dedicated.isClean).toBe(false);
  dedicated.apply('unwatch');
  expect(dedicated.isClean).toBe(true);
  dedicated.apply('watch');
  dedicated.apply('multi');
  dedicated.apply('end-multi');
  expect(dedicated.isClean).toBe(true);
});
