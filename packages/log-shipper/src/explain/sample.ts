import { Registry } from 'prom-client';
import { Batch } from '../batch/batch.ts';
import { decode } from '../frame/decode.ts';
import { emptyLine } from '../frame/line.ts';
import { nextEvent } from '../frame/next-event.ts';
import { nextLine } from '../frame/next-line.ts';
import type { ShipperConfig } from '../options.ts';
import { NdjsonWriter } from '../record/ndjson-writer.ts';
import type { FileSettings } from '../settings/file-settings.ts';
import { createMetrics } from '../status/metrics.ts';
import { encodingOf } from '../tail/encoding.ts';
import { wayBy } from '../ways.ts';

/** The first lines of a file as records. */
export interface Sample {
  readonly records: readonly string[];
  /** Counters, as in `/metrics`. */
  readonly counts: readonly string[];
}

/** Bytes of a file that are read. */
export const sampleBytes = 64 * 1024;
const mostLines = 100;

/** Makes records of the first lines of a file, as a sink of NDJSON would get them. */
export async function sampleOf(
  bytes: Buffer,
  { file, settings, config }: { file: string; settings: FileSettings; config: ShipperConfig },
): Promise<Sample> {
  const registry = new Registry();
  const metrics = createMetrics(registry, { lagBytes: () => 0, lagSeconds: () => 0, files: () => ({}) });
  const { editor, writer, follower } = wayBy(
    settings,
    { writer: (options) => new NdjsonWriter(options) },
    { config, metrics, now: () => performance.now(), unreadTimes: { note: () => undefined } },
  );
  const encoding = encodingOf(settings.encoding, bytes);
  const raw = { bytes, end: bytes.length, base: 0 };
  const { chunk } = decode(raw, { at: 0, encoding, isWhole: true });
  const state = { at: chunk.bytes.indexOf('\ufeff') === 0 ? 3 : 0, parts: 0 };
  // a line cut off by the limit is not a line
  const isAll = bytes.length < sampleBytes;
  const limits = { maxLine: config.maxLine, takesPartial: isAll, takesOpenEvent: isAll };
  const line = emptyLine();
  const batch = new Batch<never, never>({ bytes: 1024 * 1024, records: mostLines });
  editor.begin(chunk, state.at);
  writer.begin(chunk, state.at, { file, writtenMs: Date.now(), isAtEnd: true });
  const isNext = () =>
    follower === undefined
      ? nextLine(chunk, state, limits, line)
      : nextEvent(chunk, state, { limits, follower, line });
  for (let count = 0; count < mostLines && isNext(); count++) {
    if (editor.edit(line)) writer.write(batch, line);
  }
  const records = batch.bytes.toString('utf8', 0, batch.length).split('\n').slice(0, -1);
  return { records, counts: await countsOf(registry) };
}

/** Counters above 0. */
async function countsOf(registry: Registry): Promise<string[]> {
  const counters = (await registry.getMetricsAsJSON()).filter(({ name }) => name.endsWith('_total'));
  return counters.flatMap(({ name, values }) =>
    values
      .filter(({ value }) => value > 0)
      .map(({ labels, value }) => {
        const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
        return `${name}${pairs.length === 0 ? '' : `{${pairs.join()}}`} ${value}`;
      }),
  );
}
