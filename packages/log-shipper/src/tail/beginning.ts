import { digest, type Position, tailLength } from './content.ts';
import { type Encoding, type EncodingChoice, encodingOf, unitBytes } from './encoding.ts';
import type { Opened } from './handles.ts';
import type { Sibling } from './successors.ts';

export interface BeginningOptions {
  /** Skips the content of unknown files that exist when the shipper starts. */
  readonly startsAtEnd: () => boolean;
  /** Skips files that were not written to for this long, until they are. */
  readonly ignoreOlderMs: number | undefined;
  /** Milliseconds since 1970. */
  readonly wallNow: () => number;
}

/** Decides which new files are read, and from which offset. */
export class Beginning {
  /** Sizes of the files that are skipped because they are old, by inode. */
  readonly old = new Map<string, number>();
  readonly #options: BeginningOptions;
  #isFirst = true;

  constructor(options: BeginningOptions) {
    this.#options = options;
  }

  /** The new files without the old ones. */
  withoutOld(strangers: readonly Sibling[]): readonly Sibling[] {
    const { ignoreOlderMs, wallNow } = this.#options;
    if (ignoreOlderMs === undefined) return strangers;
    const isOld = ({ facts }: Sibling) => facts.modifiedUs / 1000 < wallNow() - ignoreOlderMs;
    const [old, young] = [strangers.filter(isOld), strangers.filter((stranger) => !isOld(stranger))];
    const there = new Set(strangers.map(({ facts }) => facts.inode));
    for (const inode of this.old.keys()) if (!there.has(inode)) this.old.delete(inode);
    for (const { facts } of old) this.old.set(facts.inode, facts.size);
    return young;
  }

  /** The start position in a new file; undefined for its first byte. */
  async of({ source, facts, head }: Opened, choice: EncodingChoice): Promise<Position | undefined> {
    const wasOld = this.old.get(facts.inode);
    this.old.delete(facts.inode);
    const unwanted = this.#isFirst && this.#options.startsAtEnd() ? facts.size : wasOld;
    // a file that has shrunk has other content
    if (unwanted === undefined || unwanted > facts.size) return undefined;
    const offset = await lineStart(source, unwanted, encodingOf(choice, head));
    const before = Math.min(tailLength, offset);
    return { offset, parts: 0, tail: digest(await source.range(offset - before, before)) };
  }

  /** All files that existed at the start have been seen. */
  lookedOnce(): void {
    this.#isFirst = false;
  }
}

const blockLength = 64 * 1024;
/** The start of a longer line is not searched. */
const mostLength = 1024 * 1024;

/** Start of the line that is unfinished at `size`, so that a line written bit by bit is read whole. */
async function lineStart(
  source: Pick<Opened['source'], 'range'>,
  size: number,
  encoding: Encoding,
): Promise<number> {
  const unit = unitBytes(encoding);
  const last = size - (size % unit);
  for (let end = last; end > 0 && last - end < mostLength; end -= blockLength) {
    const start = Math.max(0, end - blockLength);
    const found = behindNewline(await source.range(start, end - start), encoding);
    if (found !== undefined) return start + found;
  }
  return last <= mostLength ? 0 : last;
}

/** The index after the last newline. */
function behindNewline(bytes: Buffer, encoding: Encoding): number | undefined {
  const unit = unitBytes(encoding);
  if (unit === 1) {
    const found = bytes.lastIndexOf(0x0a);
    return found < 0 ? undefined : found + 1;
  }
  const newline = Buffer.from(encoding === 'utf-16le' ? [0x0a, 0] : [0, 0x0a]);
  for (let at = bytes.length; at >= 0; at--) {
    at = bytes.lastIndexOf(newline, at);
    if (at < 0) return undefined;
    if (at % unit === 0) return at + unit;
  }
  return undefined;
}
