import { mostSeconds, secondsOf } from '@pod-patterns/kit/testing/seconds';
import { describe, expect, it } from 'vitest';
import { escapeName } from './escape-name.ts';
import { parseGoFloat } from './go-float.ts';
import { parseLine } from './line.ts';
import { Tags } from './tags.ts';

/** At least a megabyte. */
const much = (text: string) => text.repeat(Math.ceil(1_000_000 / text.length));
const dialects = { dogstatsd: true, influxdb: true, librato: true, signalfx: true, graphite: true };

/** Parts of lines, to be repeated far too often. */
const pieces = ['1_', '1e', '.', ':', '|#', '|@', ':1|c', '#', 'a=b,', ';a=b', '[a=b]', '-', '😱', 'c:', 'f'];

describe.each(pieces)('a megabyte of %j takes no longer than its length demands', (piece) => {
  const text = much(piece);

  it.each([
    ['as a line', text],
    ['as a name', `${text}:1|c`],
    ['as tags in a name', `a#${text}:1|c`],
    ['as tags in brackets', `a[${text}]:1|c`],
    ['as a value', `a:${text}|c`],
    ['as a member of a set', `a:${text}|s`],
    ['as sections', `a:1|c|${text}`],
    ['as tags', `a:1|c|#${text}`],
    ['as a rate', `a:1|c|@${text}`],
    ['as an event', `_e{1,1}:${text}`],
  ])('%s', (_, line) => {
    expect(secondsOf(() => parseLine(line, dialects))).toBeLessThan(mostSeconds);
  });

  it('as a number', () => {
    const numbers = [text, `${text}x`, `0x${text}p1`, `0x1.${text}p1`, `1e${text}`, `-.${text}!`];
    expect(secondsOf(() => numbers.map(parseGoFloat))).toBeLessThan(mostSeconds);
  });

  it('as names and values of labels', () => {
    const run = () => {
      new Tags().readList(text, ':');
      escapeName(text);
    };
    expect(secondsOf(run)).toBeLessThan(mostSeconds);
  });
});
