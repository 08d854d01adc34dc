import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TestAdaptor } from '../testing/adaptor.ts';
import { BadLines } from './bad-lines.ts';
import { Counts } from './counts.ts';
import { logBadLines } from './expose/log-bad-lines.ts';

/** The kept lines, newest first, as `REASON LINE`. */
const kept = (adaptor: TestAdaptor) => adaptor.badLines.list().map(({ reason, line }) => `${reason} ${line}`);

describe('faulty lines', () => {
  it.each([
    ['nope', 'malformed_line'],
    ['a::b:1|c', 'invalid_extended_aggregate_type'],
    ['a:x|c', 'malformed_value'],
    ['a:1:x|ms', 'malformed_value'],
    ['a:-1|c', 'illegal_negative_counter'],
    ['a:1|g', 'conflict'],
    ['a:1|c|#x', 'bad_tag'],
    ['a,x:1|c', 'bad_tag'],
    ['a:1|c|@x', 'invalid_sample_factor'],
    ['a:y|c|#x', 'malformed_value'],
    ['c:1|c', 'total_limit'],
  ])('such as %j are kept as %s, even if seen before', (line, reason) => {
    const adaptor = new TestAdaptor({ limits: { total: 2 } }).send('a:1|c', 'b:1|c').send(line, line);
    expect(kept(adaptor)).toEqual([`${reason} ${line}`, `${reason} ${line}`]);
    expect(adaptor.badLines.counts()).toEqual(new Map([[reason, 2]]));
  });

  it('are listed without the good lines of the same datagram', () => {
    expect(kept(new TestAdaptor().send('a:1|c\nb\na:2|c\nc\r\n\nd:1|c'))).toEqual([
      'malformed_line c',
      'malformed_line b',
    ]);
  });

  it('are kept ten per reason, so that a flood of one reason does not displace the others', () => {
    const adaptor = new TestAdaptor().send('a:x|c');
    for (let second = 0; second < 5; second++) {
      adaptor.send(...Array.from({ length: 1000 }, (_, at) => `nope${at}`)).pass(1000);
    }
    expect(kept(adaptor)).toHaveLength(11);
    expect(kept(adaptor).at(-1)).toBe('malformed_value a:x|c');
    expect(adaptor.badLines.counts()).toEqual(
      new Map([
        ['malformed_value', 1],
        ['malformed_line', 5000],
      ]),
    );
  });

  it('are kept ten per second, and give way to those of a later second', () => {
    const adaptor = new TestAdaptor().send(...Array.from({ length: 12 }, (_, at) => `early${at}`));
    expect(kept(adaptor)[0]).toBe('malformed_line early9');
    adaptor.pass(1000).send('late');
    expect([kept(adaptor)[0], kept(adaptor).at(-1)]).toEqual([
      'malformed_line late',
      'malformed_line early1',
    ]);
  });

  it('are cut after 256 bytes', () => {
    const [line] = new TestAdaptor().send('x'.repeat(60_000)).badLines.list();
    expect(line?.line).toBe('x'.repeat(256));
  });
});

describe('the log', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('reports faulty lines once a minute, and at shutdown', () => {
    const lines = new BadLines(new Counts(), Date.now);
    const note = (text: string) => lines.note(Buffer.from(text), { start: 0, end: text.length }, Date.now());
    const warn = vi.fn();
    const logging = logBadLines(lines, { warn });
    vi.advanceTimersByTime(600_000);
    expect(warn).not.toHaveBeenCalled();
    for (let at = 0; at < 100; at++) note(`line${at}`);
    vi.advanceTimersByTime(600_000);
    const fields = { reasons: { malformed_line: 100 }, last: 'line9', reason: 'malformed_line' };
    expect(warn.mock.calls).toEqual([['faulty lines', fields]]);
    note('late');
    logging[Symbol.dispose]();
    expect(warn.mock.calls.slice(1)).toEqual([
      ['faulty lines', { reasons: { malformed_line: 1 }, last: 'late', reason: 'malformed_line' }],
    ]);
  });
});
