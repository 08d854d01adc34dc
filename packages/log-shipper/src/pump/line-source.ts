import { setImmediate as turn } from 'node:timers/promises';
import type { Batch } from '../batch/batch.ts';
import { decode } from '../frame/decode.ts';
import { type Chunk, emptyLine, offsetOf } from '../frame/line.ts';
import { type EventLimits, nextEvent } from '../frame/next-event.ts';
import { type FrameState, nextLine } from '../frame/next-line.ts';
import { digest, type Position, startOfFile, tailLength } from '../tail/content.ts';
import { unitBytes } from '../tail/encoding.ts';
import type { Generation } from '../tail/generation.ts';
import { hasMoved } from '../tail/log-file.ts';
import { type Cursor, Cursors, type CursorsOptions } from './cursor.ts';
import type { Way } from './way.ts';

export type FileBatch = Batch<Generation, Position>;

export interface LineSourceOptions extends CursorsOptions {
  /** In the order in which they were found. */
  readonly generations: readonly Generation[];
  readonly maxLine: number;
  /** The content of a file has changed and must be checked. */
  readonly onSuspect: () => void;
  readonly onProblem: (path: string, error: unknown) => void;
  readonly onSkipped: (bytes: number) => void;
}

interface Current {
  readonly generation: Generation;
  readonly cursor: Cursor;
  readonly way: Way;
  /** As it was read, and in UTF-8. */
  readonly raw: Chunk;
  readonly chunk: Chunk;
  readonly state: FrameState;
  readonly limits: EventLimits;
}

/** Why no more records are made for now. */
type Composed = 'done' | 'full' | 'late' | 'limited';

const readLength = 1024 * 1024;
const retryMs = 1000;
/** Interval of checks for a due line that must wait for something else. */
const leastWaitMs = 50;
/** Searches in the text of lines may block the event loop for at most this long. */
const mostTurnMs = 50;
/** The clock is read after this much searched text. */
const turnBytes = 16 * 1024;

/** Reads the files for one sink, fairly in turns and each in order, and turns their lines into records. */
export class LineSource {
  /** Take unfinished last lines as they are: their ends will not come. */
  takesPartials = false;
  readonly #options: LineSourceOptions;
  readonly #buffer: Buffer;
  readonly #cursors: Cursors;
  readonly #line = emptyLine();
  #current: Current | undefined;
  #turn = 0;
  /** When the event loop last ran, and how much the editor had searched by then. */
  #turnedAtMs = 0;
  #bytesRead = 0;

  constructor(options: LineSourceOptions) {
    this.#options = options;
    // a longest line, or a longest part and the byte after it, always fits
    this.#buffer = Buffer.allocUnsafeSlow(tailLength + Math.max(readLength, options.maxLine + 1));
    this.#cursors = new Cursors(options, this.#buffer.length);
  }

  /** Adds records until the batch is full or nothing more can be read for now. */
  async fill(batch: FileBatch): Promise<'full' | 'caught-up'> {
    this.#turnedAtMs = this.#options.now();
    for (;;) {
      const composed = this.#current === undefined ? 'done' : this.#compose(this.#current, batch);
      if (composed === 'full') return 'full';
      if (composed === 'late') {
        await turn();
        this.#turnedAtMs = this.#options.now();
        continue;
      }
      if (composed === 'limited') this.#pause(this.#current);
      this.#current = undefined;
      const generation = this.#pick();
      if (generation === undefined) return 'caught-up';
      await this.#read(generation);
    }
  }

  /** Milliseconds until something is due that no event announces; undefined if nothing is. */
  dueInMs(): number | undefined {
    const { generations, now } = this.#options;
    let dueAtMs = Number.POSITIVE_INFINITY;
    for (const generation of generations) {
      const { way, position, patienceMs, retryAtMs, limitedUntilMs } = this.#cursors.of(generation);
      if (way === undefined || !generation.is('readable') || position.offset >= generation.size) continue;
      const isLimited = limitedUntilMs > now();
      const overAtMs = isLimited ? limitedUntilMs : generation.changedAtMs + patienceMs;
      dueAtMs = Math.min(dueAtMs, Math.max(retryAtMs, overAtMs));
    }
    return dueAtMs === Number.POSITIVE_INFINITY ? undefined : Math.max(leastWaitMs, dueAtMs - now());
  }

  /** Makes records of the lines at hand, until the batch is full, it has taken too long, or the limit is reached. */
  #compose(current: Current, batch: FileBatch): Composed {
    const { state, cursor } = current;
    const { writer, editor } = current.way;
    // during a stop there is no limit
    const allowance = this.takesPartials ? undefined : cursor.allowance;
    allowance?.refill();
    let { at, parts } = state;
    let ended: Composed = 'done';
    while (ended === 'done' && !allowance?.isSpent && this.#next(current)) {
      if (editor.edit(this.#line) && !writer.write(batch, this.#line)) {
        state.at = at;
        state.parts = parts;
        ended = 'full';
        break;
      }
      if (this.#isLate(editor.bytesRead)) ended = 'late';
      allowance?.take(state.at - at);
      at = state.at;
      parts = state.parts;
    }
    if (ended === 'done' && allowance?.isSpent) ended = 'limited';
    this.#mark(current, batch, ended === 'done');
    return ended;
  }

  #isLate(bytesRead: number): boolean {
    if (bytesRead - this.#bytesRead < turnBytes) return false;
    this.#bytesRead = bytesRead;
    return this.#options.now() - this.#turnedAtMs >= mostTurnMs;
  }

  #next({ chunk, state, limits, way: { follower } }: Current): boolean {
    const line = this.#line;
    if (follower === undefined) return nextLine(chunk, state, limits, line);
    return nextEvent(chunk, state, { limits, follower, line });
  }

  #mark(
    { generation, cursor, way, raw, chunk, state, limits }: Current,
    batch: FileBatch,
    isDone: boolean,
  ): void {
    const offset = offsetOf(chunk, state.at);
    const isFurther = offset !== cursor.position.offset || state.parts !== cursor.position.parts;
    this.#cursors.widen(cursor, isFurther);
    if (isDone) {
      cursor.seen = raw.base + raw.end;
      // after open events are taken, the rest is an unfinished line
      cursor.patienceMs = limits.takesOpenEvent
        ? this.#cursors.linePatienceMs(way)
        : this.#cursors.eventPatienceMs(way);
    }
    if (!isFurther) return;
    batch.sourceBytes += offset - cursor.position.offset;
    const end = offset - raw.base;
    const tail = digest(raw.bytes.subarray(Math.max(0, end - tailLength), end));
    cursor.position = { offset, parts: state.parts, tail };
    batch.marks.set(generation, cursor.position);
  }

  #pause(current: Current | undefined): void {
    if (current === undefined) return;
    const { cursor } = current;
    cursor.limitedUntilMs = this.#options.now() + (cursor.allowance?.dueInMs() ?? 0);
  }

  /** The next file in turn that has something to read. */
  #pick(): Generation | undefined {
    const { generations } = this.#options;
    for (let step = 0; step < generations.length; step++) {
      const generation = generations[(this.#turn + step) % generations.length];
      if (generation === undefined || !this.#isWaiting(generation)) continue;
      this.#turn = (this.#turn + step + 1) % generations.length;
      return generation;
    }
    return undefined;
  }

  #isWaiting(generation: Generation): boolean {
    const cursor = this.#cursors.of(generation);
    const { way, position, seen, patienceMs, retryAtMs, limitedUntilMs } = cursor;
    if (way === undefined) return false;
    const { size } = generation;
    const nowMs = this.#options.now();
    if (!generation.is('readable') || position.offset >= size || nowMs < retryAtMs) return false;
    if (nowMs < limitedUntilMs && !this.takesPartials) return false;
    if (size <= seen && !this.#isOver(generation, patienceMs)) return false;
    return this.#arePreviousDone(generation);
  }

  /** Generations of one name are read one after the other. */
  #arePreviousDone({ previous }: Generation): boolean {
    if (previous === undefined) return true;
    const isDone =
      this.#cursors.of(previous).position.offset >= previous.size &&
      (previous.is('readable') || previous.head.length === 0);
    return isDone && this.#arePreviousDone(previous);
  }

  /** Whether an incomplete line will stay incomplete: nothing came for this long, or the writer uses another file. */
  #isOver({ next, changedAtMs }: Generation, patienceMs: number): boolean {
    const hasFollower = next !== undefined && next.size > 0;
    return hasFollower || this.takesPartials || this.#options.now() - changedAtMs >= patienceMs;
  }

  async #read(generation: Generation): Promise<void> {
    const { source } = generation;
    const cursor = this.#cursors.of(generation);
    const { offset } = cursor.position;
    const before = Math.min(tailLength, offset);
    const base = offset - before;
    let length: number;
    let isAtEnd: boolean;
    try {
      // only to take an incomplete line: the last poll may be long ago
      isAtEnd =
        this.#isOver(generation, this.#cursors.eventPatienceMs(cursor.way)) &&
        (await source.stat()).size <= generation.facts.size;
      if (generation.size <= cursor.seen && !isAtEnd) {
        cursor.retryAtMs = this.#options.now() + leastWaitMs;
        return;
      }
      // not beyond the size that was seen: older generations were polled after that
      const most = Math.min(this.#buffer.length, before + cursor.window, generation.size - base);
      length = await source.read(this.#buffer, most, base);
    } catch (error) {
      if (hasMoved(error)) return this.#suspect(generation);
      this.#options.onProblem(generation.path, error);
      cursor.retryAtMs = this.#options.now() + retryMs;
      return;
    }
    // it may have turned out to be another file during the read
    if (generation.source !== source || !generation.is('readable')) return;
    if (
      length <= before ||
      !fits(generation, cursor, this.#buffer.subarray(0, before === 0 ? length : before))
    ) {
      this.#doubt(generation, cursor);
      return;
    }
    // do not search bytes of an earlier read after the end
    const raw = { bytes: this.#buffer.subarray(0, length), end: length, base };
    this.#take(generation, { cursor, raw, isAtEnd: isAtEnd && base + length >= generation.size });
  }

  /** Earlier content is gone. The catalog finds out whether this is another file, or where a copy is. */
  #doubt(generation: Generation, cursor: Cursor): void {
    const { sink } = this.#options;
    const { offset } = cursor.position;
    if (cursor.doubtedAt === offset) {
      // the check has found all acknowledged bytes: only later ones have changed
      cursor.position = generation.positions.get(sink) ?? startOfFile;
      cursor.doubtedAt = undefined;
      return;
    }
    cursor.doubtedAt = offset;
    this.#suspect(generation);
  }

  #suspect(generation: Generation): void {
    generation.state = { is: 'suspect' };
    this.#options.onSuspect();
  }

  #take(
    generation: Generation,
    { cursor, raw, isAtEnd }: Pick<Current, 'cursor' | 'raw'> & { isAtEnd: boolean },
  ): void {
    const { onSkipped, maxLine } = this.#options;
    const { encoding } = generation;
    const { way } = cursor;
    if (way === undefined) return;
    cursor.doubtedAt = undefined;
    const takesPartial = isAtEnd && this.#isOver(generation, this.#cursors.linePatienceMs(way));
    const rawAt = cursor.position.offset - raw.base;
    const { chunk, at } = decode(raw, { at: rawAt, encoding, isWhole: takesPartial });
    const state = { at, parts: cursor.position.parts };
    if (cursor.position.offset === 0 && startsWithBom(chunk)) state.at = byteOrderMark.length;
    if (isInHole(generation, chunk, state)) {
      const start = state.at;
      while (state.at < chunk.end && chunk.bytes[state.at] === 0) state.at++;
      onSkipped(offsetOf(chunk, state.at) - offsetOf(chunk, start));
    }
    const limits = {
      // a full buffer has to be long enough to split
      maxLine: unitBytes(encoding) === 1 ? maxLine : (maxLine >> 1) - 2,
      takesPartial,
      takesOpenEvent: isAtEnd && this.#isOver(generation, this.#cursors.eventPatienceMs(way)),
    };
    way.editor.begin(chunk, state.at);
    this.#bytesRead = way.editor.bytesRead;
    way.writer.begin(chunk, state.at, {
      file: generation.file,
      writtenMs: generation.facts.modifiedUs / 1000,
      isAtEnd: raw.base + raw.end >= generation.size,
    });
    this.#current = { generation, cursor, way, raw, chunk, state, limits };
  }
}

const byteOrderMark = Buffer.from('\ufeff');

/** A UTF-8 byte order mark at the start of a file belongs to no line. */
function startsWithBom({ bytes }: Chunk): boolean {
  return bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark);
}

/** Whether the bytes before the position, or at the start of the file, are unchanged. */
function fits({ head }: Generation, { position }: Cursor, read: Buffer): boolean {
  if (position.offset > 0) return digest(read) === position.tail;
  const common = Math.min(head.length, read.length);
  return read.subarray(0, common).equals(head.subarray(0, common));
}

/**
 * Skips the run of NULs that a writer without O_APPEND leaves at the start of a truncated file. Elsewhere no line has NULs
 * before it: a newline or another part of the line is before a line.
 */
function isInHole(generation: Generation, { bytes }: Chunk, { at, parts }: FrameState): boolean {
  if (parts > 0) return false;
  return at === 0 ? generation.isRewritten : bytes[at - 1] === 0;
}
