import fc from 'fast-check';
import { expect, it } from 'vitest';
import { StreamLines } from '../src/listen/stream-lines.ts';
import { convertMapping } from '../src/map/convert-mapping.ts';
import { readMapping } from '../src/map/read-mapping.ts';
import { lineEnds, sampleEnds } from '../testing/accounting.ts';
import { TestAdaptor } from '../testing/adaptor.ts';
import { expositionFaults } from '../testing/exposition-faults.ts';
import { lineText } from '../testing/line-text.ts';
import { mappingFile, mappingPieces } from '../testing/mapping-text.ts';

/** Fixed in CI, so that only the change under test makes a difference; random elsewhere. */
const seed = Number(process.env['SEED'] ?? (process.env['CI'] === 'true' ? 19 : Date.now() % 1_000_000));
const lines = Number(process.env['FUZZ_LINES'] ?? 1_000_000);

const limits = { total: 100, perMetric: 10 };
const datagram = fc.oneof(
  { weight: 10, arbitrary: lineText().map((text) => Buffer.from(text)) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.array(lineText(), { minLength: 2, maxLength: 60, size: 'max' }),
        fc.constantFrom('\n', '\r\n'),
      )
      .map(([all, end]) => Buffer.from(all.join(end))),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
);

/**
 * Two adaptors that get the same lines: one in datagrams, with caches; the other in a stream that is split anywhere,
 * without caches. They must agree, and every line must be accounted for.
 */
class Run {
  readonly warm = new TestAdaptor({ limits });
  readonly #cold = new TestAdaptor({ limits, cacheSize: 0 });
  readonly #stream = new StreamLines((bytes) => this.#cold.pipeline.takeLines(bytes));
  mappings = 0;
  taken = 0;

  /** Uses a mapping file, if it is one. */
  map(text: string): void {
    this.mappings++;
    const converted = convertMapping(text);
    const isTaken = readMapping(text).ok;
    // an accepted file has nothing to convert
    if (isTaken) expect(converted).toEqual({ ok: true, text });
    if (!isTaken) return;
    this.taken++;
    for (const adaptor of [this.warm, this.#cold]) adaptor.pipeline.useMapper(adaptor.mapper(text));
  }

  /** Sends a datagram and accounts for its lines and samples. */
  send(bytes: Buffer): void {
    const { counts } = this.warm;
    const before = { lines: counts.lines, ends: lineEnds(counts), samples: counts.samples };
    this.warm.send(bytes);
    const feeds = bytes.filter((byte) => byte === 10).length;
    expect(counts.lines - before.lines).toBe(feeds + 1);
    expect(sampleEnds(counts)).toBe(counts.samples);
    if (feeds > 0) return;
    const isEmpty = bytes.length === 0 || bytes.equals(Buffer.from('\r'));
    const hasSamples = counts.samples > before.samples;
    expect(Number(isEmpty) + Number(hasSamples) + lineEnds(counts) - before.ends).toBe(1);
  }

  /** Streams the same lines, in pieces of these lengths by turns. */
  stream(datagrams: readonly Buffer[], lengths: readonly number[]): void {
    const bytes = Buffer.concat(datagrams.flatMap((each) => [each, Buffer.from('\n')]));
    for (let at = 0, turn = 0; at < bytes.length; turn++) {
      const end = at + (lengths[turn % lengths.length] ?? 1);
      expect(this.#stream.push(bytes.subarray(at, end))).toBe(true);
      at = end;
    }
    expect(this.#state(this.#cold)).toEqual(this.#state(this.warm));
  }

  pass(ms: number): void {
    for (const adaptor of [this.warm, this.#cold]) adaptor.pass(ms);
  }

  /** Everything except the metrics of the caches. */
  #state({ counts }: TestAdaptor): unknown {
    const {
      sampleErrors,
      eventErrors,
      conflicts,
      seriesRefused,
      events,
      lines: received,
      samples,
      tagErrors,
    } = counts;
    return {
      sampleErrors,
      eventErrors,
      conflicts,
      seriesRefused,
      events,
      received,
      samples,
      tagErrors,
      dropped: counts.dropped,
    };
  }
}

const length = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 });

it(`accounts for every line of ${lines}, whatever they and the mapping file are (SEED=${seed} FUZZ_LINES=${lines})`, {
  timeout: 1_200_000,
}, () => {
  const run = new Run();
  for (let round = 0; run.warm.counts.lines < lines; round++) {
    const sample = <Value>(from: fc.Arbitrary<Value>, numRuns: number) =>
      fc.sample(from, { seed: seed + round, numRuns });
    for (const text of [...sample(mappingPieces, 2), ...sample(mappingFile, 1)]) run.map(text);
    const datagrams = sample(datagram, 200);
    for (const bytes of datagrams) run.send(bytes);
    run.stream(datagrams, sample(length, 1).flat());
    run.pass(500);
    if (round % 100 === 0) expect(expositionFaults(run.warm.text())).toEqual([]);
  }
  expect(expositionFaults(run.warm.text())).toEqual([]);
  const { counts } = run.warm;
  console.log(
    `SEED=${seed}: ${counts.lines} lines in ${counts.batches} datagrams, ${counts.samples} samples, ${run.taken} of ${run.mappings} mapping files taken`,
  );
  // every outcome was reached
  for (const seen of [
    counts.dropped,
    counts.mapped,
    counts.unmapped,
    counts.expired,
    counts.seriesRefused.total_limit,
  ])
    expect(seen).toBeGreaterThan(0);
});
