import { bulk } from './raw-connection.ts';

/** Integers from 0 up to, but not including, `below`. */
export type Random = (below: number) => number;

/** Reproducible random integers for a seed. */
export function seeded(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state % below;
  };
}

/** A request and its expected reply if nothing fails; undefined if no reply is expected. */
export type Step = readonly [words: readonly string[], reply?: string | RegExp];

/** Requests of every kind, with replies that name them. */
export const kinds: ReadonlyArray<(mark: string, random: Random) => readonly Step[]> = [
  (mark) => [[['ECHO', mark], bulk(mark)]],
  (mark, random) => {
    const value = mark + 'x'.repeat(random(3) === 0 ? random(200_000) : random(50));
    return [
      [['SET', `key:${mark}`, value], '+OK\r\n'],
      [['GET', `key:${mark}`], new RegExp(`^\\$${value.length}\r\n${mark}x*\r\n$|^\\$-1|^_`)],
    ];
  },
  (mark) => [
    [['MULTI'], '+OK\r\n'],
    [['ECHO', mark], '+QUEUED\r\n'],
    [['SET', 'any', mark], '+QUEUED\r\n'],
    [['EXEC'], `*2\r\n${bulk(mark)}+OK\r\n`],
  ],
  (mark) => [
    [['WATCH', mark], '+OK\r\n'],
    [['UNWATCH'], '+OK\r\n'],
  ],
  (mark) => [[['BLPOP', `none:${mark}`, '0.01'], /^\*-1|^_/]],
  (mark) => [
    [['RPUSH', `queue:${mark}`, mark], ':1\r\n'],
    [['BLPOP', `queue:${mark}`, '0.5'], new RegExp(`^\\*-1|^_|\r\n${mark}\r\n$`)],
  ],
  (_, random) => [[['SELECT', String(random(3))], '+OK\r\n']],
  (_, random) => [[['HELLO', String(2 + random(2))], /^[*%]/]],
  (mark) => [
    [['CLIENT', 'SETNAME', mark], '+OK\r\n'],
    [['CLIENT', 'GETNAME'], bulk(mark)],
  ],
  (mark) => [[['CLIENT', 'REPLY', 'SKIP']], [['ECHO', mark]]],
  (mark) => [
    [['SUBSCRIBE', mark], new RegExp(`^[*>]3\r\n\\$9\r\nsubscribe\r\n.*${mark}\r\n:1\r\n$`, 's')],
    [['UNSUBSCRIBE', mark], new RegExp(`^[*>]3\r\n\\$11\r\nunsubscribe\r\n.*${mark}\r\n:0\r\n$`, 's')],
  ],
];
