import { describe, expect, it } from 'vitest';
import { TestAdaptor } from '../../testing/adaptor.ts';

const histograms = 'defaults: { observer_type: histogram }';

describe('names', () => {
  it.each([
    ['x:1|c', 'x:1|g', 'conflict:gauge:x'],
    ['x:1|c', 'x:1|ms', 'conflict:observer:x'],
    ['x:1|c', 'x:a|s', 'conflict:set:x'],
    ['x:1|g', 'x:1|c', 'conflict:counter:x'],
    ['x:1|g', 'x:1|h', 'conflict:observer:x'],
    ['x:1|ms', 'x:1|c', 'conflict:counter:x'],
    ['x:1|ms', 'x:1|g', 'conflict:gauge:x'],
    ['x:a|s', 'x:1|g', 'conflict:gauge:x'],
    ['x:1|ms', 'x_sum:1|c', 'conflict:counter:x_sum'],
    ['x:1|ms', 'x_count:1|g', 'conflict:gauge:x_count'],
    ['x:1|ms', 'x_count:1|ms', 'conflict:observer:x_count'],
    ['x_sum:1|c', 'x:1|ms', 'conflict:observer:x'],
    ['x_count:1|c', 'x:1|ms', 'conflict:observer:x'],
    ['x_count:1|ms', 'x:1|ms', 'conflict:observer:x'],
    ['x.y:1|c', 'x_y:1|g', 'conflict:gauge:x_y'],
  ])('%s refuses %s', (first, second, conflict) => {
    const adaptor = new TestAdaptor().send(first, second, second);
    expect(adaptor.errors()).toEqual([`${conflict}=2`]);
    expect(adaptor.registry.seriesCount).toBe(1);
  });

  it.each([
    ['x:1|h', 'x_bucket:1|c', 'conflict:counter:x_bucket'],
    ['x_bucket:1|c', 'x:1|h', 'conflict:observer:x'],
    ['x:1|h', 'x_sum:1|c', 'conflict:counter:x_sum'],
  ])('%s, a histogram, conflicts with %s', (first, second, conflict) => {
    expect(new TestAdaptor({ mapping: histograms }).send(first, second).errors()).toEqual([conflict]);
  });

  it.each([
    ['x:1|ms', 'x_bucket:1|c'],
    ['x:1|c', 'x_sum:1|c'],
    ['x:1|c|#a:b', 'x:1|c|#c:d'],
    ['x:1|ms', 'x:1|h'],
    ['x:1|ms', 'x:1|d|#a:b'],
    ['x_sum:1|c', 'x_count:1|g'],
  ])('%s does not conflict with %s', (first, second) => {
    expect(new TestAdaptor().send(first, second).errors()).toEqual([]);
  });

  it('keep their kind when their series have expired', () => {
    const adaptor = new TestAdaptor({ mapping: 'defaults: { ttl: 1s }' })
      .send('x:1|c')
      .pass(5000)
      .send('x:1|g');
    expect([adaptor.brief(), adaptor.errors()]).toEqual([[], ['conflict:gauge:x']]);
  });

  it('of other metrics in the exposition are refused', () => {
    const adaptor = new TestAdaptor();
    adaptor.registry.reserve(['process_cpu_seconds_total', 'own_sum']);
    adaptor.send('process_cpu_seconds_total:1|c', 'own:1|ms');
    expect(adaptor.errors()).toEqual(['conflict:counter:process_cpu_seconds_total', 'conflict:observer:own']);
  });

  it('that conflict are counted by name for the first thousand only', () => {
    const adaptor = new TestAdaptor();
    for (let at = 0; at < 1500; at++) adaptor.send(`x${at}:1|c`, `x${at}:1|g`);
    expect(adaptor.counts.conflicts.size).toBe(1001);
    expect(adaptor.errors()).toContain('conflict:gauge:=500');
  });
});

describe('limits', () => {
  it('on all series refuse samples of further ones', () => {
    const adaptor = new TestAdaptor({ limits: { total: 2 } }).send(
      'a:1|c',
      'b:1|c',
      'c:1|c',
      'a:1|c|#x:y',
      'a:1|c',
      'c:1|c',
    );
    expect(adaptor.brief()).toEqual(['c a 2', 'c b 1']);
    expect(adaptor.counts.seriesRefused).toEqual({ total_limit: 3, metric_limit: 0, memory_limit: 0 });
    expect(adaptor.registry.families.size).toBe(2);
  });

  it('on the series of one metric refuse samples of further ones', () => {
    const adaptor = new TestAdaptor({ limits: { perMetric: 2 } }).send(
      ...['1', '2', '3', '1', '3'].map((tag) => `a:1|c|#t:${tag}`),
      'b:1|c',
    );
    expect(adaptor.brief()).toEqual(['c a{t="1"} 2', 'c a{t="2"} 1', 'c b 1']);
    expect(adaptor.counts.seriesRefused).toEqual({ total_limit: 0, metric_limit: 2, memory_limit: 0 });
  });

  it('make room for new series when old ones expire', () => {
    const adaptor = new TestAdaptor({ limits: { total: 1 }, mapping: 'defaults: { ttl: 1s }' })
      .send('a:1|c', 'b:1|c')
      .pass(3000);
    expect(adaptor.send('b:1|c', 'a:1|c').brief()).toEqual(['c b 1']);
  });

  it('also apply to names without series', () => {
    const adaptor = new TestAdaptor({ limits: { total: 10 }, mapping: 'defaults: { ttl: 1s }' });
    for (let at = 0; at < 1000; at++) adaptor.send(`name${at}:1|c`).pass(at % 3 === 0 ? 3000 : 0);
    expect(adaptor.registry.families.size).toBeLessThanOrEqual(10);
    expect(adaptor.pass(3000).send('name5:1|g').errors()).toEqual([]);
  });
});

describe('sets of label names', () => {
  it('are counted for each metric and forgotten with their series', () => {
    const mapping = 'mappings: [{ match: "short", name: short, ttl: 1s }]';
    const adaptor = new TestAdaptor({ mapping }).send(
      'a:1|c',
      'a:1|c|#x:1',
      'a:1|c|#x:2',
      'a:1|c|#y:1',
      'short:1|c',
    );
    const shapes = () =>
      [...adaptor.registry.families.values()].map(({ name, shapeCount }) => [name, shapeCount]);
    expect(shapes()).toEqual([
      ['a', 3],
      ['short', 1],
    ]);
    adaptor.pass(3000);
    expect(shapes()).toEqual([
      ['a', 3],
      ['short', 0],
    ]);
  });
});
