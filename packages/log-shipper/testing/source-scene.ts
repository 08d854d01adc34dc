import { appendFileSync, writeFileSync } from 'node:fs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { Batch } from '../src/batch/batch.ts';
import type { Chunk, Line } from '../src/frame/line.ts';
import { EventFollower } from '../src/frame/multiline.ts';
import type { Multiline } from '../src/frame/step.ts';
import type { RateLimit } from '../src/pump/allowance.ts';
import { type FileBatch, LineSource } from '../src/pump/line-source.ts';
import { type LineTest, RegexEditor } from '../src/record/line-editor.ts';
import type { Origin, RecordBatch, RecordWriter } from '../src/record/record-writer.ts';
import type { Position } from '../src/tail/content.ts';
import type { EncodingChoice } from '../src/tail/encoding.ts';
import { Fence } from '../src/tail/fence.ts';
import { Generation } from '../src/tail/generation.ts';
import { Handles } from '../src/tail/handles.ts';

/** Writes a line as `file@offset text`, so that a test can check the framing. */
class PlainWriter implements RecordWriter {
  #file = '';

  begin(_chunk: Chunk, _from: number, { file }: Origin): void {
    this.#file = file.split('/').at(-1) ?? '';
  }

  write(batch: RecordBatch, line: Line): boolean {
    const part = line.part === 0 ? '' : `#${line.part}${line.isLast ? '!' : ''}`;
    const text = line.bytes.toString('latin1', line.start, line.end);
    const record = `${this.#file}@${line.offset}${part} ${text}\n`;
    if (!batch.reserve(record.length)) return false;
    batch.add(batch.length + batch.bytes.write(record, batch.length, 'latin1'));
    return true;
  }
}

const anywhere = await Fence.around([], { followLinks: true, own: [] });

interface SceneOptions {
  readonly maxLine?: number;
  readonly partialTimeoutMs?: number;
  readonly multiline?: Multiline | undefined;
  readonly exclude?: LineTest;
  readonly encodingChoice?: EncodingChoice;
  readonly rateLimit?: RateLimit;
}

/** Generations that a test makes itself, and a source that reads them. */
export function sourceScene({
  maxLine = 1000,
  partialTimeoutMs = 5000,
  multiline,
  exclude = /drop/,
  encodingChoice = 'auto',
  rateLimit,
}: SceneOptions = {}) {
  const dir = tempDir();
  const clock = { nowMs: 0 };
  const generations: Generation[] = [];
  const counts = { suspect: 0, skipped: 0 };
  const way = {
    editor: new RegexEditor({
      ...{ include: [], exclude: [exclude], redactions: [] },
      ...{ onFiltered: () => undefined, onRedacted: () => undefined, now: () => 0 },
    }),
    writer: new PlainWriter(),
    follower: multiline && new EventFollower(multiline),
    rateLimit,
  };
  const source = new LineSource({
    ...{ generations, sink: 'sink', maxLine, partialTimeoutMs, multilineTimeoutMs: 1000 },
    wayOf: () => way,
    now: () => clock.nowMs,
    onSuspect: () => counts.suspect++,
    onProblem: () => undefined,
    onSkipped: (bytes) => {
      counts.skipped += bytes;
    },
  });
  const handles = new Handles({ fence: anywhere, most: 100, onScarce: () => undefined });
  const refresh = async (generation: Generation) => {
    const { size } = await generation.source.stat();
    if (size !== generation.size) generation.changedAtMs = clock.nowMs;
    generation.facts = { ...generation.facts, size };
    generation.size = size;
  };
  return {
    ...{ clock, counts, source },
    /** Adds a generation of a file with this content. */
    async add(
      name: string,
      content: string | Buffer,
      origin: { isRewritten?: boolean; seen?: Map<string, Position> } = {},
    ) {
      writeFileSync(dir.file(name), content);
      const seq = generations.length + 1;
      const { isRewritten = false, seen = new Map() } = origin;
      const generation = new Generation(await handles.open(dir.file(name), dir.file(name)), {
        ...{ seq, nowMs: clock.nowMs, file: dir.file(name), positions: seen, isRewritten },
        settings: { encoding: encodingChoice },
      });
      generation.state = { is: 'readable' };
      await refresh(generation);
      generations.push(generation);
      return generation;
    },
    async append(generation: Generation, text: string | Buffer) {
      appendFileSync(generation.path, text);
      await refresh(generation);
    },
    async fill(limits = { bytes: 1_000_000, records: 1000 }) {
      const batch: FileBatch = new Batch(limits);
      const filled = await source.fill(batch);
      return {
        filled,
        batch,
        records: batch.bytes.toString('latin1', 0, batch.length).split('\n').slice(0, -1),
      };
    },
    async [Symbol.asyncDispose]() {
      for (const { source } of generations) await source.close();
      dir[Symbol.dispose]();
    },
  };
}
