import { describe, expect, it } from 'vitest';
import { TestAdaptor } from '../../testing/adaptor.ts';

const kib = 1024;
const counter = (at: number) => `name${10_000 + at}:1|c`;

describe('a bound on the memory of series', () => {
  it('refuses samples of new series once reached, while existing series continue', () => {
    const adaptor = new TestAdaptor({ limits: { bytes: 100 * kib } });
    for (let at = 0; at < 1000; at++) adaptor.send(counter(at));
    const { seriesCount, memory } = adaptor.registry;
    expect(seriesCount).toBeGreaterThan(10);
    expect(adaptor.counts.seriesRefused).toMatchObject({ total_limit: 0, memory_limit: 1000 - seriesCount });
    expect(memory.usedBytes).toBeLessThanOrEqual(100 * kib);
    expect(adaptor.registry.families.size).toBe(seriesCount);
    expect(adaptor.send(counter(0)).brief()).toContain('c name10000 2');
  });

  it.each([
    ['name', (at: number) => `${'x'.repeat(4000)}${at}:1|c`],
    ['label', (at: number) => `flood:1|c|#tag:${'x'.repeat(4000)}${at}`],
    ['label beyond Latin-1', (at: number) => `flood:1|c|#tag:${'語'.repeat(2000)}${at}`],
  ])('counts the text of each %s', (_, line) => {
    const adaptor = new TestAdaptor({ limits: { bytes: 100 * kib } });
    for (let at = 0; at < 100; at++) adaptor.send(line(at));
    expect(adaptor.registry.seriesCount).toBeLessThan((100 * kib) / 4000);
  });

  it('releases the memory of expired series and forgotten names', () => {
    const adaptor = new TestAdaptor({ limits: { bytes: 100 * kib }, mapping: 'defaults: { ttl: 1s }' });
    for (let at = 0; at < 1000; at++) adaptor.send(counter(at));
    const { seriesCount } = adaptor.registry;
    adaptor.pass(3000);
    for (let at = 1000; at < 2000; at++) adaptor.send(counter(at));
    expect(adaptor.registry.seriesCount).toBe(seriesCount);
    for (let at = 0; at < 20; at++) adaptor.pass(3000).send(`set:${at}|s`, `time:${at}|ms`);
    adaptor.pass(3000).send(...Array.from({ length: 1000 }, (_, at) => counter(at)));
    expect(adaptor.registry.seriesCount).toBe(seriesCount);
  });

  it('searches names without series once, not for every refused sample', () => {
    const adaptor = new TestAdaptor({ limits: { bytes: 100 * kib }, mapping: 'defaults: { ttl: 1s }' });
    for (let at = 0; at < 1000; at++) adaptor.send(counter(at));
    // all series but those of one name are gone, and the new ones never have room
    adaptor.pass(3000).send(counter(0));
    let looked = 0;
    const { families } = adaptor.registry;
    const values = families.values.bind(families);
    Object.assign(families, {
      values: () => {
        looked++;
        return values();
      },
    });
    for (let at = 0; at < 1000; at++) adaptor.send(`name10000:1|c|#tag:${'x'.repeat(60_000)}${at}`);
    for (let at = 0; at < 1000; at++) adaptor.send(`${'y'.repeat(60_000)}${at}:1|c`);
    expect(looked).toBeLessThanOrEqual(2);
  });

  it('keeps sum and count of a timer whose quantiles have no room, and counts the missing samples', () => {
    const adaptor = new TestAdaptor({ limits: { bytes: 20 * kib } });
    for (let at = 0; at < 20_000; at++) adaptor.send(`time:${at}|ms`, `other:${at}|ms`);
    const { memory } = adaptor.registry;
    expect(adaptor.brief()).toEqual(['o other 199990/20000', 'o time 199990/20000'].map(expectClose));
    expect(memory.lostSamples).toBeGreaterThan(0);
    expect(memory.usedBytes).toBeLessThanOrEqual(20 * kib);
    expect(adaptor.text()).toMatch(/time\{quantile="0.5"\} \d/);
  });

  it('keeps the members of a full set, and counts the others', () => {
    const adaptor = new TestAdaptor({ limits: { bytes: 10 * kib } });
    for (let at = 0; at < 5000; at++) adaptor.send(`users:${at}|s`);
    const { memory } = adaptor.registry;
    expect(memory.lostSamples).toBeGreaterThan(4000);
    expect(adaptor.brief()).toEqual([`s users ${5000 - memory.lostSamples}`]);
  });

  it('is off by default', () => {
    const adaptor = new TestAdaptor();
    for (let at = 0; at < 5000; at++) adaptor.send(`users:${at}|s`, `time:${at}|ms`, counter(at));
    expect(adaptor.registry.memory.lostSamples).toBe(0);
    expect(adaptor.registry.seriesCount).toBe(5002);
  });
});

/** The sum is one of seconds, so of parts that do not add up exactly. */
function expectClose(brief: string): unknown {
  const [name] = brief.split('/');
  return expect.stringMatching(new RegExp(`^${name?.slice(0, 10)}.*/20000$`));
}
