import { dirname } from 'node:path';
import {
  fingerprint,
  headLength,
  type KnownContent,
  type Position,
  tailLength,
  withoutNuls,
} from './content.ts';
import { type Encoding, type EncodingChoice, encodingOf } from './encoding.ts';
import type { FileFacts, FileTimes } from './file-facts.ts';
import { GrowthLog } from './growth-log.ts';
import type { Opened } from './handles.ts';
import type { LogFile } from './log-file.ts';

/** Settings shared by the files of a name. */
export interface GenerationSettings {
  readonly encoding: EncodingChoice;
  /** Names of the sinks that get the lines; by default all. */
  readonly sinks?: readonly string[] | undefined;
}

/** Settings of a file without any. */
export const asUsual: GenerationSettings = { encoding: 'auto' };

/** Whether a generation may be read, and if not, why. */
export type GenerationState =
  /** It may be the beginning of a copy of another file, which is not checked yet. */
  | { readonly is: 'new' }
  /** It looks like a copy of `original`, which may soon be truncated. It has had `size` since `sinceMs`. */
  | {
      readonly is: 'held';
      readonly original: Generation;
      readonly size: number;
      readonly sinceMs: number;
    }
  | { readonly is: 'readable' }
  /** The bytes before a position have changed: not read until that is resolved. */
  | { readonly is: 'suspect' }
  /** Finished: the file is gone and read to its end, or its content is gone. */
  | { readonly is: 'ended' };

/**
 * One generation of a log file: everything written between its creation, or a truncation, and its end. All generations
 * of a name are shipped under that name, one after the other.
 */
export class Generation {
  /** Number of the generation. Those of one name are read in this order. */
  readonly seq: number;
  /** Name under which it was first found. */
  readonly file: string;
  /** Acknowledged position of each sink, by its name. */
  readonly positions: Map<string, Position>;
  readonly growth = new GrowthLog();
  source: LogFile;
  /** Latest facts from the system. The writer may not have filled the size yet. */
  facts: FileFacts;
  /** End of the data. */
  size = 0;
  head: Buffer;
  /** Whether a glob matches its name now. */
  isListed = false;
  /** It began with a truncation: a writer without O_APPEND leaves NULs at its start. */
  readonly isRewritten: boolean;
  readonly settings: GenerationSettings;
  state: GenerationState = { is: 'new' };
  /** The generations of the same name before and after it, while they exist. */
  previous: Generation | undefined;
  next: Generation | undefined;
  /** Time of its last change, in milliseconds of the monotonic clock. */
  changedAtMs: number;
  #copiedAfterUs: number | undefined;

  constructor(
    opened: Opened,
    {
      seq,
      file,
      positions,
      isRewritten,
      copiedAfterUs,
      settings = asUsual,
      nowMs,
    }: GenerationOrigin & { seq: number; settings?: GenerationSettings; nowMs: number },
  ) {
    this.#copiedAfterUs = copiedAfterUs;
    this.settings = settings;
    this.seq = seq;
    this.file = file;
    this.positions = positions ?? new Map();
    this.isRewritten = isRewritten ?? false;
    this.changedAtMs = nowMs;
    this.source = opened.source;
    this.head = withoutNuls(opened.head);
    // read nothing before the sizes of all generations of its name were read in order
    this.facts = { ...opened.facts, size: 0 };
  }

  /** Its last known path. */
  get path(): string {
    return this.source.path;
  }

  get realPath(): string {
    return this.source.realPath;
  }

  get inode(): string {
    return this.source.inode;
  }

  get encoding(): Encoding {
    return encodingOf(this.settings.encoding, this.head);
  }

  /** Whether a sink gets its lines. */
  isFor(sink: string): boolean {
    return this.settings.sinks?.includes(sink) ?? true;
  }

  /** It may still turn out to be a copy. */
  get mayBeCopy(): boolean {
    return this.is('held') || (this.is('new') && this.size > 0);
  }

  is(state: GenerationState['is']): boolean {
    return this.state.is === state;
  }

  /** Times of this generation. Files with later times came after it. */
  get times(): FileTimes {
    const { modifiedUs, bornUs } = this.facts;
    if (this.#copiedAfterUs === undefined || bornUs === 0) return { modifiedUs, bornUs };
    // two truncations can leave copies within one tick of the system's clock
    return { modifiedUs, bornUs: Math.max(this.#copiedAfterUs, bornUs - 1) };
  }

  get known(): KnownContent {
    return { fingerprint: fingerprint(this.head), positions: [...this.positions.values()] };
  }

  /** Folders that may hold its other generations and copies. */
  get folders(): Set<string> {
    return new Set([this.file, this.path, this.realPath].map(dirname));
  }

  /** Its first bytes after growth to `size`; undefined if it no longer begins as it did. */
  async headNow(size: number): Promise<Buffer | undefined> {
    const now = await this.source.range(0, Math.min(headLength, size));
    return now.subarray(0, this.head.length).equals(this.head) ? now : undefined;
  }

  /** Whether both begin with the same bytes, as far as the shorter one goes. */
  beginsLike({ head }: Generation): boolean {
    const common = Math.min(this.head.length, head.length);
    return common > 0 && this.head.subarray(0, common).equals(head.subarray(0, common));
  }

  /** Whether `other` has the last bytes of this one at the same offset. */
  async endsWithin(other: Generation): Promise<boolean> {
    if (this.size > other.size) return false;
    const from = Math.max(0, this.size - tailLength);
    const length = this.size - from;
    const ours = await this.source.range(from, length);
    return ours.equals(await other.source.range(from, length));
  }

  /** It was empty at the last poll: later content may survive only in a copy. */
  wasEmptyAt({ modifiedUs, bornUs }: FileTimes): void {
    this.facts = { ...this.facts, modifiedUs, bornUs };
    this.head = Buffer.alloc(0);
  }

  /** Continues in the copy of its content that was made before a truncation. */
  moveTo({ source, facts }: Pick<Opened, 'source' | 'facts'>): void {
    this.#copiedAfterUs = this.facts.modifiedUs;
    this.source = source;
    this.facts = facts;
    this.size = facts.size;
    this.state = { is: 'readable' };
  }
}

/** How a generation came to be known. */
export interface GenerationOrigin {
  readonly file: string;
  readonly positions?: Map<string, Position>;
  readonly isRewritten?: boolean;
  /** It is a copy made after this time, in microseconds since 1970. */
  readonly copiedAfterUs?: number | undefined;
}
