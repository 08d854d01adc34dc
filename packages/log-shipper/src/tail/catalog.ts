import type { Logger } from '@pod-patterns/kit';
import { describeError, systemCode } from '@pod-patterns/kit';
import { Beginning } from './beginning.ts';
import { Changes } from './changes.ts';
import { isCompressed, isUnknown } from './content.ts';
import type { Generation, GenerationOrigin, GenerationSettings } from './generation.ts';
import type { Handles } from './handles.ts';
import type { Problems } from './problems.ts';
import { isRefusal } from './refusal.ts';
import { findAgain, type Remembered } from './resume.ts';
import { Roster } from './roster.ts';
import { originalNames, type Sibling } from './successors.ts';
import { emptyListing, type Listing } from './walk.ts';

export interface CatalogOptions {
  readonly sinks: readonly string[];
  readonly log: Logger;
  readonly handles: Handles;
  readonly problems: Problems;
  /** Settings of the files of this name; without it, the defaults. */
  readonly settingsOf?: (file: string) => GenerationSettings;
  /** Where to start in new files; without it, at their first byte. */
  readonly beginning?: Beginning;
  /** Milliseconds of the monotonic clock. */
  readonly now: () => number;
}

/** How long a file that is read to its end is kept after no glob finds it, and after its deletion. */
const rotatedGraceMs = 30_000;
const deletedGraceMs = 2000;
/** How long a file that is read to its end keeps its handle without growth. */
const quietMs = 5 * 60_000;
/** How many new files are opened before the first of them are read. */
const filesAtOnce = 256;

/**
 * Knows all files under any name, through creation, rotation in all its forms, truncation and deletion.
 * Its methods are called one at a time.
 */
export class Catalog {
  readonly roster: Roster;
  /** Compressed files, by inode: their lines were read before the compression. */
  readonly ignored = new Map<string, string>();
  readonly beginning: Beginning;
  readonly #options: CatalogOptions;
  readonly #changes: Changes;
  /** Newest generations whose name belonged to another file, or to none, at the last scan. */
  readonly #displaced = new WeakSet<Generation>();
  /** Inodes of files that must not be read. They are not a sign of a rotation. */
  readonly #refused = new Set<string>();
  #listing = emptyListing;

  constructor(options: CatalogOptions) {
    this.#options = options;
    const { log, handles, problems, now } = options;
    this.beginning = options.beginning ?? new Beginning(atFirstByte);
    this.roster = new Roster(now, options.settingsOf);
    this.#changes = new Changes({
      ...{ roster: this.roster, ignored: this.ignored, log, handles, problems, now },
      listing: () => this.#listing,
      shippedBytes: (generation) => this.shippedBytes(generation),
      adopt: (missed, file) => this.#adopt(missed, { file }),
    });
  }

  get generations(): readonly Generation[] {
    return this.roster.generations;
  }

  /** Continues with files known before a restart, under any name. */
  async resume(remembered: readonly Remembered[], listing: Listing): Promise<void> {
    this.#listing = listing;
    const found = await findAgain(remembered, listing, this.#options.handles);
    for (const one of remembered) {
      const { seq, file, inode, known, positions } = one;
      this.roster.skipTo(seq);
      const opened = found.get(one);
      const isCopy = opened?.source.inode !== inode;
      const copiedAfterUs = isCopy ? one.times.modifiedUs : undefined;
      if (opened !== undefined) {
        const generation = this.roster.add(opened, { file, positions, copiedAfterUs }, seq);
        generation.state = { is: 'readable' };
        if (isUnknown(known)) generation.wasEmptyAt(one.times);
      }
      if (opened === undefined && !isUnknown(known))
        this.#options.log.info('file from the checkpoint not found', { file });
      if (isCopy && !isUnknown(known)) this.#changes.rewritten.add(inode);
    }
    for (const one of new Map(remembered.map((item) => [item.file, item])).values()) {
      if (!found.has(one) || isUnknown(one.known)) await this.#changes.takeMissed(one.file, one.times);
    }
    // readers begin now: a generation without a size would look finished
    await this.poll(this.generations);
  }

  /** Applies the result of a scan. `onProgress` is called when the first files can be read. */
  async update(listing: Listing, onProgress: () => void = () => undefined): Promise<void> {
    this.#listing = listing;
    const strangers = this.beginning.withoutOld(this.#match(listing));
    const strange = new Set(strangers.map(({ facts }) => facts.inode)).difference(this.#refused);
    await this.#followRotations(strange);
    // an unknown file may hold the content of one that was copied and truncated
    if (strange.size > 0)
      for (const newest of this.roster.newestOfEach()) await this.#changes.refresh(newest);
    for (const some of inPortions(strangers)) {
      const before = this.generations.length;
      for (const stranger of some) {
        if (this.roster.withInode(stranger.facts.inode) === undefined) {
          await this.#adopt(stranger, { file: stranger.path }, this.beginning);
        }
      }
      await this.poll(this.generations.slice(before));
      onProgress();
    }
    this.beginning.lookedOnce();
    await this.poll(this.generations);
    await this.#closeFinished();
  }

  /** Reads the sizes of these generations. */
  async poll(generations: readonly Generation[]): Promise<boolean> {
    let hasGrown = false;
    // newest first: once bytes of a younger generation are seen, the older one is complete
    for (const generation of generations.toReversed()) {
      if (await this.#changes.refresh(generation)) hasGrown = true;
    }
    for (const generation of [...this.generations]) {
      if (generation.is('new') || generation.is('held')) await this.#changes.look(generation);
    }
    return hasGrown;
  }

  /** Treats files that may be copies as files of their own, during a stop. */
  releaseTwins(): void {
    for (const generation of this.generations) {
      if (generation.is('held')) generation.state = { is: 'readable' };
    }
  }

  /** How many bytes all sinks have acknowledged. */
  shippedBytes(generation: Generation): number {
    const sinks = this.#options.sinks.filter((sink) => generation.isFor(sink));
    return Math.min(...sinks.map((sink) => generation.positions.get(sink)?.offset ?? 0));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { source } of this.generations) await source.close();
    this.roster.generations.length = 0;
  }

  /** Marks the generations that the globs match now, and returns the files without a generation. */
  #match(listing: Listing): Sibling[] {
    for (const generation of this.generations) generation.isListed = false;
    const strangers = new Map<string, Sibling>();
    const seen = new Set<string>();
    for (const [path, facts] of listing.files) {
      seen.add(facts.inode);
      const generation = this.roster.withInode(facts.inode);
      if (generation === undefined) {
        if (!strangers.has(facts.inode)) strangers.set(facts.inode, { path, facts });
        continue;
      }
      const keepsName = listing.files.get(generation.path)?.inode === facts.inode;
      if (!keepsName) generation.source.path = path;
      generation.isListed = true;
    }
    for (const inode of this.#refused.difference(seen)) this.#refused.delete(inode);
    for (const inode of this.ignored.keys()) {
      if (seen.has(inode)) strangers.delete(inode);
      else this.ignored.delete(inode);
    }
    return [...strangers.values()];
  }

  /** If a new file has the name of a known one, other files may have had it since the last scan. */
  async #followRotations(strange: ReadonlySet<string>): Promise<void> {
    for (const newest of this.roster.newestOfEach()) {
      const current = this.#listing.files.get(newest.file)?.inode;
      const isDisplaced = current !== newest.inode;
      const wasDisplaced = this.#displaced.delete(newest);
      if (isDisplaced) this.#displaced.add(newest);
      const mayHaveMissed = isDisplaced && (!wasDisplaced || (current !== undefined && strange.has(current)));
      if (!mayHaveMissed) continue;
      newest.changedAtMs = this.#options.now();
      await this.#changes.refresh(newest);
      await this.#changes.takeMissed(newest.file, newest.times);
    }
  }

  /** Opens a new file at once, so that its deletion does no harm. */
  async #adopt({ path, facts }: Sibling, origin: GenerationOrigin, beginning?: Beginning): Promise<void> {
    const { problems, handles, log } = this.#options;
    try {
      const opened = await handles.open(path, origin.file);
      this.#refused.delete(facts.inode);
      problems.solved(path);
      if (opened.source.inode !== facts.inode || isCompressed(opened.head)) {
        // if it is another file by now, the next scan finds it
        if (opened.source.inode === facts.inode) this.ignored.set(facts.inode, path);
        await opened.source.close();
        return;
      }
      const start = await beginning?.of(opened, this.#options.settingsOf?.(origin.file).encoding ?? 'auto');
      const positions = new Map(start && this.#options.sinks.map((sink) => [sink, start]));
      // while it is open, no truncation goes unseen; earlier ones may have left copies
      const newest = path === origin.file ? this.roster.of(path)[0] : undefined;
      if (newest !== undefined) await this.#changes.takeMissedBefore(facts.inode, newest);
      const isRewritten = this.#changes.rewritten.delete(facts.inode);
      const generation = this.roster.add(opened, { ...origin, isRewritten, positions });
      log.debug('reading file', { file: generation.file, path, seq: generation.seq });
      generation.isListed = this.#listing.files.get(path)?.inode === facts.inode;
    } catch (error) {
      const code = systemCode(error);
      if (isRefusal(code)) this.#refused.add(facts.inode);
      if (code !== 'ENOENT') problems.failed(path, error);
    }
  }

  /** Removes files that are gone and read to their end; a quiet file gives its handle back. */
  async #closeFinished(): Promise<void> {
    const nowMs = this.#options.now();
    for (const generation of [...this.generations]) {
      const { isListed, facts, changedAtMs, source, path } = generation;
      const isKept = isListed && facts.isLinked;
      const graceMs = isKept ? quietMs : facts.isLinked ? rotatedGraceMs : deletedGraceMs;
      if (nowMs - changedAtMs < graceMs || this.shippedBytes(generation) < generation.size) continue;
      if (!isKept) this.roster.remove(generation);
      await (isKept ? source.giveBack() : source.close()).catch((error: unknown) => {
        this.#options.log.debug('cannot close file', { path, reason: describeError(error) });
      });
    }
  }
}

const atFirstByte = { startsAtEnd: () => false, ignoreOlderMs: undefined, wallNow: Date.now };

/** Splits the new files into portions. A log and its rotated copies stay together, to tell them apart. */
function inPortions(strangers: readonly Sibling[]): Sibling[][] {
  const names = new Set(strangers.map(({ path }) => path));
  const families = Map.groupBy(
    strangers,
    ({ path }) => originalNames(path, (name) => names.has(name))[0] ?? path,
  );
  const portions: Sibling[][] = [];
  for (const family of families.values()) {
    const last = portions.at(-1);
    if (last !== undefined && last.length < filesAtOnce) last.push(...family);
    else portions.push([...family]);
  }
  return portions;
}
