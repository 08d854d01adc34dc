import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineEnds, sampleEnds } from '../testing/accounting.ts';
import { TestAdaptor } from '../testing/adaptor.ts';
import { expositionFaults } from '../testing/exposition-faults.ts';
import { lineText, rates } from '../testing/line-text.ts';
import { SetSeries, SummarySeries } from './series/series.ts';

describe('accounting', () => {
  it('counts every line as nothing, one fault, one DogStatsD message or samples', () => {
    const adaptor = new TestAdaptor();
    fc.assert(
      fc.property(lineText(), (line) => {
        const before = {
          samples: adaptor.counts.samples,
          ends: lineEnds(adaptor.counts),
          lines: adaptor.counts.lines,
        };
        adaptor.send(line);
        const isEmpty = line === '' || line === '\r';
        expect(adaptor.counts.lines).toBe(before.lines + 1);
        const hasSamples = adaptor.counts.samples > before.samples;
        const ended = lineEnds(adaptor.counts) - before.ends;
        expect(Number(isEmpty) + Number(hasSamples) + ended).toBe(1);
      }),
      { numRuns: 2000 },
    );
  });

  it('counts every sample as one event or one error', () => {
    const adaptor = new TestAdaptor({
      mapping: 'mappings: [{ match: "bar.*", name: x, action: drop }, { match: "x", name: "$2" }]',
      limits: { total: 20, perMetric: 3 },
    }).send('bar.baz:1|c', ...Array.from({ length: 25 }, (_, at) => `name${at}:1|c`));
    fc.assert(
      fc.property(lineText(), (line) => {
        adaptor.send(line);
        expect(sampleEnds(adaptor.counts)).toBe(adaptor.counts.samples);
      }),
      { numRuns: 2000 },
    );
    expect(adaptor.counts.dropped).toBeGreaterThan(0);
    expect(adaptor.counts.seriesRefused.total_limit).toBeGreaterThan(0);
  });

  it('counts lines as upstream does, with the empty one after a last line feed', () => {
    const { counts } = new TestAdaptor().send('a:1|c', 'a:1|c\n', 'a:1|c\nb:1|c', '', '\n\n');
    expect(counts.lines).toBe(1 + 2 + 2 + 1 + 3);
  });

  it('counts tags once for each sample that has labels', () => {
    const { counts } = new TestAdaptor().send(
      'a:1|c',
      'a:1|c|#x:y,z:w',
      'a,x=y:1:2:z|ms',
      'a:1|x|#x:y',
      'a:1|c|c:id',
    );
    expect(counts).toMatchObject({ samples: 7, tags: 1 + 2 + 1 + 1 });
  });

  it('counts a sampled observation as many times as it stands for', () => {
    const { counts } = new TestAdaptor().send('a:1|ms|@0.1', 'a:1|ms|@0.1', 'b:1|c|@0.1');
    expect(counts.events).toMatchObject({ observer: 20, counter: 1 });
    expect(counts.unmapped).toBe(21);
  });
});

describe('a line seen before', () => {
  /** Everything except the metrics of the caches. */
  const seen = (adaptor: TestAdaptor) => ({
    text: adaptor.text(),
    errors: adaptor.errors(),
    counts: { ...adaptor.counts, cacheGets: 0, cacheHits: 0, conflicts: 0 },
  });

  it('is handled like a new one', () => {
    const lines = fc.array(lineText(rates), { maxLength: 12 });
    fc.assert(
      fc.property(lines, fc.nat({ max: 3 }), (all, rounds) => {
        const [warm, cold] = [new TestAdaptor(), new TestAdaptor()];
        const rules = cold.mapper('');
        for (let round = 0; round <= rounds; round++) {
          for (const line of all) {
            warm.send(line);
            cold.pipeline.useMapper(rules);
            cold.send(line);
          }
        }
        expect(seen(warm)).toEqual(seen(cold));
      }),
      { numRuns: 500 },
    );
  });

  it('with another value is handled like a new one', () => {
    const values = fc.array(
      lineText().map((text) => text.replaceAll('|', '')),
      { maxLength: 8 },
    );
    const types = fc.constantFrom('c', 'g', 'ms', 's', 'h|#a:b', 'c|@0.5', 'g|#a', 's|#a:b');
    fc.assert(
      fc.property(values, types, (all, type) => {
        const [warm, cold] = [new TestAdaptor().send(`m:1|${type}`), new TestAdaptor().send(`m:1|${type}`)];
        const rules = cold.mapper('');
        for (const value of all) {
          warm.send(`m:${value}|${type}`);
          cold.pipeline.useMapper(rules);
          cold.send(`m:${value}|${type}`);
        }
        expect(seen(warm)).toEqual(seen(cold));
      }),
      { numRuns: 1000 },
    );
  });

  it('is mapped only once', () => {
    const { counts } = new TestAdaptor({ mapping: 'mappings: [{ match: "a.*", name: "x_$1" }]' }).send(
      ...Array.from({ length: 10 }, (_, at) => `a.b:${at}|c`),
    );
    expect(counts).toMatchObject({ mapped: 10, cacheGets: 10, cacheHits: 9 });
  });

  it('gets a new series when the old one has expired', () => {
    const adaptor = new TestAdaptor({ mapping: 'defaults: { ttl: 10s }' })
      .send('a:5|c', 'a:5|c')
      .pass(12_000);
    expect(adaptor.brief()).toEqual([]);
    expect(adaptor.send('a:1|c').brief()).toEqual(['c a 1']);
  });

  it('follows new rules', () => {
    const adaptor = new TestAdaptor().send('a.b:1|c', 'a.b:1|c');
    adaptor.pipeline.useMapper(adaptor.mapper('mappings: [{ match: "a.*", name: "x_$1" }]'));
    expect(adaptor.send('a.b:1|c').brief()).toEqual(['c a_b 2', 'c x_b 1']);
  });
});

describe('a reloaded ttl', () => {
  const start = (ttl: string) =>
    new TestAdaptor({ mapping: `defaults: { ttl: ${ttl} }` }).send('a:1|c', 'b:1|c');
  const read = (adaptor: TestAdaptor, ttl: string) => {
    adaptor.pipeline.useMapper(adaptor.mapper(`defaults: { ttl: ${ttl} }`));
    return adaptor;
  };

  it.each([
    ['1h', '10s', 12_000, ['c b 1']],
    ['0', '10s', 12_000, ['c b 1']],
    ['10s', '1h', 12_000, ['c a 2']],
    ['10s', '0', 3_600_000, ['c a 2']],
  ])('changed from %s to %s applies to a series from its next sample', (before, after, ms, left) => {
    const adaptor = read(start(before), after).send('a:1|c').pass(ms);
    expect(adaptor.brief()).toEqual(left);
  });

  it('removes a series once, however often it was changed', () => {
    const adaptor = start('1h');
    for (const ttl of ['10s', '1h', '10s', '1h', '10s']) read(adaptor, ttl).send('a:1|c');
    adaptor.pass(12_000);
    expect([adaptor.counts.expired, adaptor.registry.seriesCount]).toEqual([1, 1]);
  });
});

describe('the line cache', () => {
  it('holds few more lines than there are series', () => {
    const adaptor = new TestAdaptor({ mapping: 'defaults: { ttl: 1s }' });
    for (let at = 0; at < 50_000; at++)
      adaptor.send(`name:1|c|#request:${at}`).pass(at % 100 === 0 ? 3000 : 0);
    expect(adaptor.registry.seriesCount).toBeLessThan(500);
    expect(adaptor.pipeline.rememberedLines).toBeLessThan(10_000);
  });

  it('holds no lines with a timestamp', () => {
    const adaptor = new TestAdaptor();
    for (let at = 0; at < 100; at++) adaptor.send(`a:1|c|T${1656581400 + at}`, `b:1|c|#x:y|T${at}`);
    expect(adaptor.pipeline.rememberedLines).toBe(0);
  });

  it('holds one line per set, whatever its members', () => {
    const adaptor = new TestAdaptor().send('a:ä|s', 'a:ö|s', 'a:b|s');
    expect([adaptor.pipeline.rememberedLines, adaptor.brief()]).toEqual([1, ['s a 3']]);
  });

  it('holds nothing of an expired series', () => {
    const adaptor = new TestAdaptor({ mapping: 'defaults: { ttl: 1s }' }).send('a:5|ms', 'b:x|s', 'a:6|ms');
    const series = [...adaptor.registry.families.values()].flatMap((family) => [...family.series.values()]);
    adaptor.pass(5000);
    const kept = series.map((each) => {
      if (each instanceof SummarySeries) return each.quantiles.query(0.5, adaptor.nowMs);
      return each instanceof SetSeries ? each.members.count(adaptor.nowMs) : undefined;
    });
    expect(kept).toEqual([Number.NaN, 0]);
  });
});

describe('a datagram', () => {
  it('of any bytes leaves the exposition valid', () => {
    const adaptor = new TestAdaptor();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const before = adaptor.counts.lines;
        adaptor.send(Buffer.from(bytes));
        expect(adaptor.counts.lines - before).toBe(bytes.filter((byte) => byte === 10).length + 1);
      }),
      { numRuns: 1000 },
    );
    expect(expositionFaults(adaptor.text())).toEqual([]);
  });

  it('that looks like StatsD leaves the exposition valid', () => {
    const mapping = `
defaults: { observer_type: histogram }
mappings:
- { match: "x", name: "x", observer_type: summary, labels: { quantile: "1", le: "2" } }
- { match: "bar.*", name: "x$1", help: "other \\\\ \\n help" }`;
    const adaptor = new TestAdaptor({ mapping });
    fc.assert(
      fc.property(fc.array(lineText(rates), { maxLength: 10 }), (all) => {
        adaptor.send(all.join('\n'));
      }),
      { numRuns: 2000 },
    );
    expect(adaptor.registry.seriesCount).toBeGreaterThan(20);
    expect(expositionFaults(adaptor.text())).toEqual([]);
  });

  it.each([
    ['a]b=c[d:1|c'],
    ['x:1|ms|#quantile:0.5'],
    ['x:1|c|#__name__:y'],
    ['#a=b:1|c'],
    ['x:1|ms\nx_count:1|ms\nx_sum:1|c'],
    ['x_count:1|c\nx:1|ms'],
    ['x:nan|c\nx:1|c'],
    ['x:1|c\nx:1|g\nx:1|ms\nx:1|s'],
  ])('that breaks or ends upstream does no harm: %j', (datagram) => {
    expect(expositionFaults(new TestAdaptor().send(datagram, datagram).text())).toEqual([]);
  });

  it('costs no more than its bytes, however small its sampling rate', () => {
    const adaptor = new TestAdaptor().send(...Array<string>(1000).fill('x:1|ms|@1e-7'));
    expect(adaptor.samples()).toContain('x_count 1e+10');
  });

  it.each([
    ['colons', `a${':'.repeat(60_000)}`],
    ['packed values', `a:${'1:'.repeat(30_000)}1|c`],
    ['samples', `a${':1|c'.repeat(15_000)}`],
    ['sections', `a:1|c${'|c:x'.repeat(15_000)}`],
    ['container ids and colons', `a:1|c|c${':c'.repeat(30_000)}`],
    ['tags', `a:1|c|#${'a:b,'.repeat(15_000)}`],
    ['brackets', `${'['.repeat(30_000)}${']'.repeat(30_000)}:1|c`],
    ['dashes', `${'-'.repeat(60_000)}:1|c`],
    ['empty lines', '\n'.repeat(60_000)],
    ['hopeless lines', 'a\n'.repeat(30_000)],
    ['digits', `a:${'1'.repeat(60_000)}|c`],
    ['underscores', `a:${'1_'.repeat(30_000)}|c`],
    ['dots', `${'a.'.repeat(30_000)}:1|c`],
  ])('of 60 KB of %s takes linear time', (_, datagram) => {
    const adaptor = new TestAdaptor({ mapping: 'mappings: [{ match: "a.*", name: x }]' });
    const start = performance.now();
    adaptor.send(datagram);
    // takes milliseconds; if it were not linear, it would take minutes
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
