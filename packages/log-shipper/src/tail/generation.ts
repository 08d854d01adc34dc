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

/** Common state of the files of a name. */
export interface GenerationSettings {
  readonly encoding: EncodingChoice;
  /** Names of the sinks that get the lines; all of them without it. */
  readonly sinks?: readonly string[] | undefined;
}

/** Of a file that nothing is said about. */
export const asUsual: GenerationSettings = { encoding: 'auto' };

/** Whether a generation may be read, and if not, why. */
export type GenerationState =
  /** It could be the beginning of a copy of another file: that is still to be looked at. */
  | { readonly is: 'new' }
  /** It looks like a copy of `original`, which may be about to be truncated. `size` is what it has had since `sinceMs`. */
  | {
      readonly is: 'held';
      readonly original: Generation;
      readonly size: number;
      readonly sinceMs: number;
    }
  | { readonly is: 'readable' }
  /** The bytes before a position have changed: not read on until that is cleared up. */
  | { readonly is: 'suspect' }
  /** Given up: read to its end and gone, or its content is gone. */
  | { readonly is: 'ended' };

/**
 * One generation of a log file: what is written between its creation, or a truncation, and its end. All
 * generations that a name has had are shipped under that name, one after the other.
 */
export class Generation {
  /** Grows with each generation that is found: the order in which those of one name are read. */
  readonly seq: number;
  /** The name under which it was found first. */
  readonly file: string;
  /** Up to where each sink has acknowledged it, by the sink's name. */
  readonly positions: Map<string, Position>;
  readonly growth = new GrowthLog();
  source: LogFile;
  /** As the system told them last; the size may be one that the writer has yet to fill. */
  facts: FileFacts;
  /** Up to where there is data. */
  size = 0;
  head: Buffer;
  /** Whether a glob finds it now. */
  isListed = false;
  /** Began with a truncation: a writer that does not append leaves a run of NULs at its start. */
  readonly isRewritten: boolean;
  readonly settings: GenerationSettings;
  state: GenerationState = { is: 'new' };
  /** The generations of the same name before and after it, while they are there. */
  previous: Generation | undefined;
  next: Generation | undefined;
  /** When something happened to it, in milliseconds of the monotonic clock. */
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
    // nothing is read before the sizes of all generations of its name were taken in the right order
    this.facts = { ...opened.facts, size: 0 };
  }

  /** Where it was seen last. */
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

  /** It is not known yet whether its content is its own. */
  get mayBeCopy(): boolean {
    return this.is('held') || (this.is('new') && this.size > 0);
  }

  is(state: GenerationState['is']): boolean {
    return this.state.is === state;
  }

  /** Younger files came after it. */
  get times(): FileTimes {
    const { modifiedUs, bornUs } = this.facts;
    if (this.#copiedAfterUs === undefined || bornUs === 0) return { modifiedUs, bornUs };
    // the copies of two truncations can be made within one tick of the system's clock
    return { modifiedUs, bornUs: Math.max(this.#copiedAfterUs, bornUs - 1) };
  }

  get known(): KnownContent {
    return { fingerprint: fingerprint(this.head), positions: [...this.positions.values()] };
  }

  /** Where relatives of it may be found. */
  get folders(): Set<string> {
    return new Set([this.file, this.path, this.realPath].map(dirname));
  }

  /** Its first bytes as they are now, when it has grown to `size`; undefined when it does not begin as it did. */
  async headNow(size: number): Promise<Buffer | undefined> {
    const now = await this.source.range(0, Math.min(headLength, size));
    return now.subarray(0, this.head.length).equals(this.head) ? now : undefined;
  }

  /** Whether both begin with the same bytes, as far as both have any. */
  beginsLike({ head }: Generation): boolean {
    const common = Math.min(this.head.length, head.length);
    return common > 0 && this.head.subarray(0, common).equals(head.subarray(0, common));
  }

  /** Whether the last bytes of this one are found in `other`, at the same place. */
  async endsWithin(other: Generation): Promise<boolean> {
    if (this.size > other.size) return false;
    const from = Math.max(0, this.size - tailLength);
    const length = this.size - from;
    const ours = await this.source.range(from, length);
    return ours.equals(await other.source.range(from, length));
  }

  /** It was empty at the last look: later content may survive only in a copy. */
  wasEmptyAt({ modifiedUs, bornUs }: FileTimes): void {
    this.facts = { ...this.facts, modifiedUs, bornUs };
    this.head = Buffer.alloc(0);
  }

  /** Goes on in another file that holds the same content: the copy that was made before a truncation. */
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
  /** It is a copy that was made after this time, in microseconds since 1970. */
  readonly copiedAfterUs?: number | undefined;
}
