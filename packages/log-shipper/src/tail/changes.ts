import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from '@pod-patterns/kit';
import { endOfData, headLength, holds, isCompressed, isUnknown } from './content.ts';
import { type FileFacts, type FileTimes, factsOf } from './file-facts.ts';
import { findHolder } from './find-holder.ts';
import type { Generation } from './generation.ts';
import type { Handles, Opened } from './handles.ts';
import { hasMoved } from './log-file.ts';
import type { Problems } from './problems.ts';
import type { Roster } from './roster.ts';
import { siblingsIn } from './siblings.ts';
import { isRotatedName, missedGenerations, type Sibling } from './successors.ts';
import type { Listing } from './walk.ts';

export interface ChangesOptions {
  readonly roster: Roster;
  /** Compressed files, by inode. */
  readonly ignored: Map<string, string>;
  readonly log: Logger;
  readonly handles: Handles;
  readonly problems: Problems;
  readonly now: () => number;
  /** Result of the last scan. */
  readonly listing: () => Listing;
  readonly shippedBytes: (generation: Generation) => number;
  /** Adds a file as a generation of this name. */
  readonly adopt: (missed: Sibling, file: string) => Promise<void>;
}

/** How long a possible copy must stay unchanged until it counts as a file of its own. */
const twinGraceMs = 2000;

/** Detects changes of content: growth, truncation, copies. */
export class Changes {
  /** Inodes of files that had other content before. */
  readonly rewritten = new Set<string>();
  readonly #options: ChangesOptions;
  /** Generations whose content is gone, while a copy is searched. */
  readonly #superseding = new Set<Generation>();
  /** Files that had no known name at the last scan. */
  readonly #missing = new WeakSet<Generation>();

  constructor(options: ChangesOptions) {
    this.#options = options;
  }

  /** Updates the facts of a generation; true if it has grown. With `isInDoubt`, its content is always compared. */
  async refresh(generation: Generation, { isInDoubt = generation.is('suspect') } = {}): Promise<boolean> {
    if (generation.is('ended') || this.#superseding.has(generation)) return false;
    try {
      const facts = await generation.source.stat();
      this.#missing.delete(generation);
      this.#options.problems.solvedInFile(generation.path);
      return await this.#compare(generation, facts, isInDoubt);
    } catch (error) {
      if (hasMoved(error)) return await this.#seek(generation);
      this.#options.problems.failed(generation.path, error);
      return false;
    }
  }

  async #compare(generation: Generation, facts: FileFacts, isInDoubt: boolean): Promise<boolean> {
    const before = generation.facts;
    const { source, known } = generation;
    // a rewrite of the same length shows only in the time
    const isTouched = facts.modifiedUs !== before.modifiedUs;
    const isResized = facts.size !== before.size;
    const content = source.content(facts.size);
    const size =
      isTouched || isResized
        ? await endOfData(content, generation.size, generation.settings.encoding)
        : generation.size;
    const mayBeRewritten = size === generation.size && isTouched && size > 0;
    const hasShrunk = size < generation.size;
    if (isInDoubt || hasShrunk || mayBeRewritten) {
      const isIntact = !hasShrunk && (isUnknown(known) || (await holds(content, known)));
      if (!isIntact) return await this.#supersede(generation);
      if (generation.is('suspect')) generation.state = { is: 'readable' };
    }
    const hasGrown = size !== generation.size;
    // before updating anything else: the old facts identify a copy
    const head = hasGrown ? await generation.headNow(size) : generation.head;
    // keep the facts about the old content: they identify it
    if (head === undefined) return await this.#supersede(generation);
    if (hasGrown && isCompressed(head) && this.#options.shippedBytes(generation) === 0) {
      return await this.#ignore(generation);
    }
    if (generation.head.length === 0 && (hasGrown || isTouched)) {
      // it was empty at the last poll: content since then may survive only in a rotated copy
      if (await this.#wasCopied(generation)) return await this.#supersede(generation);
      if (generation.is('ended')) return true;
      generation.state = { is: 'new' };
    }
    generation.head = head;
    generation.facts = facts;
    generation.size = size;
    if (!hasGrown) return false;
    generation.changedAtMs = this.#options.now();
    generation.growth.grew(size, facts.modifiedUs / 1000);
    return true;
  }

  /** It was compressed in place: its lines are read from the original. */
  async #ignore(generation: Generation): Promise<false> {
    this.#options.ignored.set(generation.inode, generation.path);
    this.#options.roster.remove(generation);
    await generation.source.close();
    return false;
  }

  /** A file without a handle is not at its path: it was renamed by rotation, or deleted. */
  async #seek(generation: Generation): Promise<boolean> {
    const { inode, file, source } = generation;
    const { log, roster, shippedBytes } = this.#options;
    const isIt = ({ facts }: Sibling) => facts.inode === inode;
    const found =
      (await siblingsIn(dirname(file), (path) => isRotatedName(file, path))).find(isIt) ??
      (await this.#siblingsOf(generation)).find(isIt);
    if (found !== undefined) {
      source.path = found.path;
      return await this.refresh(generation);
    }
    // a name that changes during the scan is found by the next one
    if (!this.#missing.has(generation)) {
      this.#missing.add(generation);
      return false;
    }
    const bytes = generation.size - shippedBytes(generation);
    if (bytes > 0) log.warn('file deleted with unshipped data', { file, bytes });
    roster.remove(generation);
    await source.close();
    return false;
  }

  /** The content of a generation is gone: it continues in a copy if there is one, and a new generation begins. */
  async #supersede(old: Generation): Promise<boolean> {
    this.#superseding.add(old);
    try {
      const { source, isListed } = old;
      const { roster, log, shippedBytes, listing } = this.#options;
      // take it first: generations in between are among the files searched later
      const facts = await source.stat();
      const rewritten = { source, facts, head: await source.range(0, headLength) };
      const copy = await this.#findCopy(old);
      if (copy === undefined) {
        const bytes = old.size - shippedBytes(old);
        if (bytes > 0) log.warn('file truncated with unshipped data', { file: old.file, bytes });
        roster.remove(old);
      } else {
        roster.move(old, copy);
        old.isListed = listing().files.get(copy.source.path)?.inode === copy.source.inode;
      }
      await this.takeMissed(old.file, copy === undefined ? sinceLastWrite(old) : old.times, source.inode);
      const fresh = roster.add(rewritten, { file: old.file, isRewritten: true });
      fresh.isListed = isListed;
      await this.refresh(fresh);
      return true;
    } finally {
      this.#superseding.delete(old);
    }
  }

  /** Whether a copy was made of a file that still has its name. */
  async #wasCopied(generation: Generation): Promise<boolean> {
    if (generation.path !== generation.file) return false;
    await this.#refreshRotated(generation);
    const missed = await this.#missed(generation.file, sinceLastWrite(generation));
    // the copy may have been written into the file of an earlier copy, which is a younger generation now
    if (missed.length === 0 && generation.next === undefined) return false;
    return (await inodeAt(generation.file)) === generation.inode;
  }

  /** The file that holds the content of `old` and has no generation yet. */
  async #findCopy(old: Generation): Promise<Pick<Opened, 'source' | 'facts'> | undefined> {
    const { roster, handles, listing } = this.#options;
    await this.#refreshRotated(old);
    for (const other of this.#rotatedFrom(old)) {
      // a twin was compared with the original while that was complete
      const isCopy =
        (other.state.is === 'held' && other.state.original === old) ||
        (other.is('new') && (await holds(other.source.content(other.size), old.known)));
      if (!isCopy) continue;
      roster.remove(other);
      return other;
    }
    const candidates = (await this.#siblingsOf(old)).filter(
      ({ path, facts }) =>
        roster.withInode(facts.inode) === undefined &&
        // a copy cannot be older than its original
        facts.modifiedUs >= old.facts.modifiedUs &&
        (!listing().files.has(path) || isRotatedName(old.file, path)),
    );
    return findHolder(old, candidates, handles);
  }

  /** The next copy is often written into the file of the last one, so its present content must be known. */
  async #refreshRotated(generation: Generation): Promise<void> {
    for (const other of this.#rotatedFrom(generation).toReversed()) {
      await this.refresh(other, { isInDoubt: true });
    }
  }

  /** The generations with the name of a rotated copy of this one. */
  #rotatedFrom({ file }: Generation): Generation[] {
    return this.#options.roster.generations.filter(({ path }) => isRotatedName(file, path));
  }

  /**
   * Adopts the generations of `file` that came after `times` and were never seen under its name, except the file with inode
   * `except`.
   */
  async takeMissed(file: string, times: FileTimes, except?: string): Promise<void> {
    for (const missed of await this.#missed(file, times)) {
      if (missed.facts.inode !== except) await this.#options.adopt(missed, file);
    }
  }

  /** Like `takeMissed`, for generations between `newest` and the file with its name now. */
  async takeMissedBefore(inode: string, { file, times }: Generation): Promise<void> {
    const all = await this.#missed(file, times);
    // files that lost the name may be among them, and so may later ones
    if ((await inodeAt(file)) !== inode) return;
    for (const missed of all) await this.#options.adopt(missed, file);
  }

  async #missed(file: string, times: FileTimes): Promise<Sibling[]> {
    const { roster, ignored } = this.#options;
    const rotated = await siblingsIn(dirname(file), (path) => isRotatedName(file, path));
    const unknown = rotated.filter(
      ({ facts }) => roster.withInode(facts.inode) === undefined && !ignored.has(facts.inode),
    );
    return missedGenerations(
      file,
      times,
      unknown.map((sibling) => this.#asRewritten(sibling, times)),
    );
  }

  /** A rewritten file is older than its present content. */
  #asRewritten(sibling: Sibling, { bornUs }: FileTimes): Sibling {
    const { facts } = sibling;
    if (!this.rewritten.has(facts.inode)) return sibling;
    const since = bornUs === 0 ? facts.bornUs : Math.max(facts.bornUs, bornUs + 1);
    return { ...sibling, facts: { ...facts, bornUs: since }, isRewritten: true };
  }

  async #siblingsOf({ folders }: Pick<Generation, 'folders'>): Promise<Sibling[]> {
    return (await Promise.all([...folders].map((folder) => siblingsIn(folder)))).flat();
  }

  /** Decides whether a file with new content is a copy of another one in progress. */
  async look(generation: Generation): Promise<void> {
    if (generation.size === 0 && generation.is('new')) return;
    const original = await this.#findOriginal(generation);
    const { state, size } = generation;
    if (state.is === 'ended') return;
    if (original !== undefined && !original.facts.isLinked) return await this.#replace(original, generation);
    const nowMs = this.#options.now();
    const isKnown = state.is === 'held' && state.size === size;
    const isOver = isKnown && nowMs - state.sinceMs >= twinGraceMs;
    if (original !== undefined && isOver && !generation.isListed) {
      // no pattern matches this file; if the original is truncated, the copy is found again
      this.#options.roster.remove(generation);
      await generation.source.close();
    } else if (original === undefined || isOver) {
      generation.state = { is: 'readable' };
      this.#options.roster.added++;
    } else if (!isKnown) {
      generation.state = { is: 'held', original, size, sinceMs: nowMs };
    }
  }

  /** The original is deleted: it continues in its copy. */
  async #replace(original: Generation, copy: Generation): Promise<void> {
    const { roster } = this.#options;
    roster.remove(copy);
    await original.source.close();
    roster.move(original, copy);
    original.isListed = copy.isListed;
  }

  /** The generation of which this one has the name of a rotated copy and repeats the beginning. */
  async #findOriginal(generation: Generation): Promise<Generation | undefined> {
    for (const other of this.#options.roster.rotatedTo(generation.path)) {
      if (other === generation || other.is('held') || !generation.beginsLike(other)) continue;
      // check that its content is unchanged before comparing anything with it
      await this.refresh(other, { isInDoubt: true });
      if (other.is('ended') || generation.is('ended')) continue;
      if (await generation.endsWithin(other)) return other;
    }
    return undefined;
  }
}

async function inodeAt(path: string): Promise<string | undefined> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  return stats === undefined ? undefined : factsOf(stats).inode;
}

/** A copy is made after the last write to its original, if only by a tick of the clock. */
function sinceLastWrite({ facts: { modifiedUs } }: Generation): FileTimes {
  return { modifiedUs, bornUs: modifiedUs - 1 };
}
