import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from '@pod-patterns/kit';
import { describeError, systemCode } from '@pod-patterns/kit';
import { headLength, holds, isCompressed, isUnknown } from './content.ts';
import type { Fence } from './fence.ts';
import { type FileTimes, factsOf } from './file-facts.ts';
import { findHolder } from './find-holder.ts';
import { contentOf, Generation, type GenerationOrigin, type Opened, readRange } from './generation.ts';
import type { Problems } from './problems.ts';
import { isRefusal } from './refusal.ts';
import { findAgain, type Remembered } from './resume.ts';
import { siblingsIn } from './siblings.ts';
import { isRotatedName, missedGenerations, type Sibling } from './successors.ts';
import type { Listing } from './walk.ts';

export interface CatalogOptions {
  readonly sinks: readonly string[];
  readonly log: Logger;
  readonly fence: Fence;
  readonly problems: Problems;
  /** Milliseconds of the monotonic clock. */
  readonly now: () => number;
}

/** How long a look-alike has to stay as it is until it counts as a file of its own. */
const twinGraceMs = 2000;
/** How long a file that is read to its end is kept open, once no glob finds it any more and once it is deleted. */
const rotatedGraceMs = 30_000;
const deletedGraceMs = 2000;

/**
 * Knows which files there are, whatever happens to their names: creation, rotation in all its forms,
 * truncation, deletion. Its methods are called one at a time.
 */
export class Catalog {
  /** In the order in which they were found. */
  readonly generations: Generation[] = [];
  /** Files that are compressed, by inode: their lines were read before they were. */
  readonly ignored = new Map<string, string>();
  /** Newest generations whose name was that of another file, or of none, at the last look. */
  readonly #displaced = new WeakSet<Generation>();
  /** Inodes of files that may not be read: such a one is no sign of a rotation. */
  readonly #refused = new Set<string>();
  readonly #options: CatalogOptions;
  #listing: Listing = { files: new Map(), folders: new Set(), problems: new Map() };
  #nextSeq = 1;
  /** Files whose content was another one when we last ran. */
  readonly #rewritten = new Set<string>();
  /** Bumped when the set of generations changes, so that it is written down. */
  version = 0;

  constructor(options: CatalogOptions) {
    this.#options = options;
  }

  /** Goes on with what was known before a restart, under whatever name it is now. */
  async resume(remembered: readonly Remembered[], listing: Listing): Promise<void> {
    this.#listing = listing;
    const found = await findAgain(remembered, listing, this.#options.fence);
    for (const one of remembered) {
      const { seq, file, inode, known, positions } = one;
      this.#nextSeq = Math.max(this.#nextSeq, seq + 1);
      const opened = found.get(one);
      const isCopy = opened?.facts.inode !== inode;
      const copiedAfterUs = isCopy ? one.times.modifiedUs : undefined;
      if (opened !== undefined) {
        this.#create(opened, { file, positions, copiedAfterUs }, seq).state = { is: 'readable' };
      }
      if (opened === undefined && !isUnknown(known)) this.#options.log.info('file is gone', { file });
      if (isCopy && !isUnknown(known)) this.#rewritten.add(inode);
    }
    for (const one of newestOfEach(remembered)) {
      if (!found.has(one)) await this.#takeMissed(one.file, one.times);
    }
  }

  /** Takes in what a look at the disk has found. */
  async update(listing: Listing): Promise<void> {
    this.#listing = listing;
    const strangers = this.#match(listing);
    const strange = new Set(strangers.map(({ facts }) => facts.inode)).difference(this.#refused);
    for (const newest of newestOfEach(this.generations)) {
      const current = listing.files.get(newest.file)?.inode;
      const isDisplaced = current !== newest.facts.inode;
      const wasDisplaced = this.#displaced.delete(newest);
      if (isDisplaced) this.#displaced.add(newest);
      // where a new file has the name, others may have had it since the last look
      const mayHaveMissed = isDisplaced && (!wasDisplaced || (current !== undefined && strange.has(current)));
      if (!mayHaveMissed) continue;
      newest.changedAtMs = this.#options.now();
      await this.#refresh(newest);
      await this.#takeMissed(newest.file, newest.times);
    }
    // a stranger can be what was in a file that was copied and truncated
    if (strange.size > 0) for (const newest of newestOfEach(this.generations)) await this.#refresh(newest);
    const tracked = this.#inodes();
    for (const stranger of strangers) {
      if (!tracked.has(stranger.facts.inode)) await this.#adopt(stranger, { file: stranger.path });
    }
    await this.poll(this.generations);
    await this.#closeFinished();
  }

  /** Looks at the sizes of these generations. */
  async poll(generations: readonly Generation[]): Promise<boolean> {
    let hasGrown = false;
    // the newest first: when bytes of a younger generation are seen, so are all that the older one ever gets
    for (const generation of generations.toReversed()) {
      if (await this.#refresh(generation)) hasGrown = true;
    }
    for (const generation of [...generations]) {
      if (generation.is('new') || generation.is('held')) await this.#look(generation);
    }
    return hasGrown;
  }

  /** Stops waiting for what look-alikes become: the end is near. */
  releaseTwins(): void {
    for (const generation of this.generations) {
      if (generation.is('held')) generation.state = { is: 'readable' };
    }
  }

  /** How much of it all sinks have. */
  shippedBytes({ positions }: Generation): number {
    return Math.min(...this.#options.sinks.map((sink) => positions.get(sink)?.offset ?? 0));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { handle } of this.generations) await handle.close();
    this.generations.length = 0;
  }

  /** Says which generations the globs find now, and returns the files that are none yet. */
  #match(listing: Listing): Sibling[] {
    const byInode = new Map(this.generations.map((generation) => [generation.facts.inode, generation]));
    for (const generation of this.generations) generation.isListed = false;
    const strangers = new Map<string, Sibling>();
    const seen = new Set<string>();
    for (const [path, facts] of listing.files) {
      seen.add(facts.inode);
      const generation = byInode.get(facts.inode);
      if (generation === undefined) {
        if (!strangers.has(facts.inode)) strangers.set(facts.inode, { path, facts });
        continue;
      }
      const keepsName = listing.files.get(generation.path)?.inode === facts.inode;
      if (!keepsName) generation.path = path;
      generation.isListed = true;
    }
    for (const inode of this.#refused.difference(seen)) this.#refused.delete(inode);
    for (const inode of this.ignored.keys()) {
      if (seen.has(inode)) strangers.delete(inode);
      else this.ignored.delete(inode);
    }
    return [...strangers.values()];
  }

  /** Opens a file that was not known. It is opened at once, so that deleting it does no harm any more. */
  async #adopt({ path, facts }: Sibling, origin: GenerationOrigin): Promise<void> {
    const { problems, fence } = this.#options;
    try {
      const opened = await fence.open(path, origin.file);
      this.#refused.delete(facts.inode);
      problems.solved(path);
      if (opened.facts.inode !== facts.inode || isCompressed(opened.head)) {
        // another file by now is found by the next look
        if (opened.facts.inode === facts.inode) this.ignored.set(facts.inode, path);
        await opened.handle.close();
        return;
      }
      const isRewritten = this.#rewritten.delete(facts.inode);
      const generation = this.#create(opened, { ...origin, isRewritten });
      generation.isListed = this.#listing.files.get(path)?.inode === facts.inode;
    } catch (error) {
      const code = systemCode(error);
      if (isRefusal(code)) this.#refused.add(facts.inode);
      if (code !== 'ENOENT') problems.failed(path, error);
    }
  }

  #create(opened: Opened, origin: GenerationOrigin, seq = this.#nextSeq++): Generation {
    const generation = new Generation(opened, { ...origin, seq, nowMs: this.#options.now() });
    const previous = this.generations.findLast(({ file }) => file === origin.file);
    if (previous !== undefined) {
      generation.previous = previous;
      previous.next = generation;
    }
    this.generations.push(generation);
    this.version++;
    this.#options.log.debug('reading', { file: generation.file, path: generation.path, seq });
    return generation;
  }

  #remove(generation: Generation): void {
    const { previous, next } = generation;
    if (previous !== undefined) previous.next = next;
    if (next !== undefined) next.previous = previous;
    generation.state = { is: 'ended' };
    this.generations.splice(this.generations.indexOf(generation), 1);
    this.version++;
  }

  /** Takes the facts of a generation anew; true when it has grown. */
  async #refresh(generation: Generation, { isInDoubt = generation.is('suspect') } = {}): Promise<boolean> {
    const before = generation.facts;
    try {
      const facts = factsOf(await generation.handle.stat({ bigint: true }));
      this.#options.problems.solvedInFile(generation.path);
      // a rewrite that happens to be as long shows by its time only
      const mayBeRewritten = facts.size === before.size && facts.modifiedUs !== before.modifiedUs;
      const mayBeGone = isInDoubt || facts.size < before.size;
      if (mayBeGone || (mayBeRewritten && facts.size > 0)) {
        const isIntact =
          facts.size >= before.size &&
          (await holds(contentOf({ handle: generation.handle, facts }), generation.known));
        if (!isIntact) return await this.#supersede(generation);
        if (generation.is('suspect')) generation.state = { is: 'readable' };
      }
      const hasGrown = facts.size !== before.size;
      const head = hasGrown ? await generation.headNow() : generation.head;
      // what is known of the old content stays as it was: it is what that is found by
      if (head === undefined) return await this.#supersede(generation);
      if (generation.head.length === 0 && (hasGrown || facts.modifiedUs !== before.modifiedUs)) {
        // it was empty when it was seen last: what it held before what it begins with now may be in a copy
        if (await this.#wasCopied(generation)) return await this.#supersede(generation);
        generation.state = { is: 'new' };
      }
      generation.head = head;
      generation.facts = facts;
      if (!hasGrown) return false;
      generation.changedAtMs = this.#options.now();
      generation.growth.grew(facts.size, facts.modifiedUs / 1000);
      return true;
    } catch (error) {
      this.#options.problems.failed(generation.path, error);
      return false;
    }
  }

  /** The content of a generation is gone: it goes on in a copy if there is one, and a new one begins. */
  async #supersede(old: Generation): Promise<boolean> {
    const { path, realPath, handle, isListed } = old;
    // taken first: what was there in between is among the files that are looked for then
    const facts = factsOf(await handle.stat({ bigint: true }));
    const rewritten = { path, realPath, handle, facts, head: await readRange(handle, 0, headLength) };
    const copy = await this.#findCopy(old);
    if (copy === undefined) {
      const bytes = old.size - this.shippedBytes(old);
      if (bytes > 0) this.#options.log.warn('truncated before all was shipped', { file: old.file, bytes });
      this.#remove(old);
    } else {
      old.moveTo(copy);
      old.isListed = this.#listing.files.get(copy.path)?.inode === copy.facts.inode;
    }
    await this.#takeMissed(old.file, copy === undefined ? sinceLastWrite(old) : old.times);
    const fresh = this.#create(rewritten, { file: old.file, isRewritten: true });
    fresh.state = { is: 'readable' };
    fresh.isListed = isListed;
    await this.#refresh(fresh);
    return true;
  }

  /** Whether a copy was made of a file that still has its name. */
  async #wasCopied(generation: Generation): Promise<boolean> {
    const missed = await this.#missed(generation.file, sinceLastWrite(generation));
    if (missed.length === 0) return false;
    const current = await stat(generation.file, { bigint: true }).catch(() => undefined);
    return current !== undefined && factsOf(current).inode === generation.facts.inode;
  }

  /** What holds the content that `old` had, and is nothing of its own yet. */
  async #findCopy(old: Generation): Promise<Omit<Opened, 'head'> | undefined> {
    const isRelated = ({ file, path }: Generation) => file === old.file || isRotatedName(old.file, path);
    for (const other of this.generations) {
      // a twin was compared with the original while that was whole
      const isCopy =
        (other.state.is === 'held' && other.state.original === old) ||
        (other.is('new') && isRelated(other) && (await holds(contentOf(other), old.known)));
      if (!isCopy) continue;
      this.#remove(other);
      return other;
    }
    const tracked = this.#inodes();
    const candidates = (await this.#siblingsOf(old)).filter(
      ({ path, facts }) =>
        !tracked.has(facts.inode) && (!this.#listing.files.has(path) || isRotatedName(old.file, path)),
    );
    return findHolder(old, candidates, this.#options.fence);
  }

  /** Adopts the generations of `file` that came after the one of `times` and that nobody saw under its name. */
  async #takeMissed(file: string, times: FileTimes): Promise<void> {
    for (const missed of await this.#missed(file, times)) await this.#adopt(missed, { file });
  }

  async #missed(file: string, times: FileTimes): Promise<Sibling[]> {
    const tracked = this.#inodes();
    const siblings = (await siblingsIn(dirname(file))).filter(
      ({ facts }) => !tracked.has(facts.inode) && !this.ignored.has(facts.inode),
    );
    return missedGenerations(
      file,
      times,
      siblings.map((sibling) => this.#asRewritten(sibling, times)),
    );
  }

  /** A file that was rewritten since is older than its content: that came after what it held before. */
  #asRewritten(sibling: Sibling, { bornUs }: FileTimes): Sibling {
    const { facts } = sibling;
    if (bornUs === 0 || !this.#rewritten.has(facts.inode)) return sibling;
    return { ...sibling, facts: { ...facts, bornUs: Math.max(facts.bornUs, bornUs + 1) } };
  }

  #inodes(): Set<string> {
    return new Set(this.generations.map(({ facts }) => facts.inode));
  }

  async #siblingsOf({ folders }: Pick<Generation, 'folders'>): Promise<Sibling[]> {
    return (await Promise.all([...folders].map(siblingsIn))).flat();
  }

  /** Decides whether a file with content that nobody looked at yet is a copy of another one in the making. */
  async #look(generation: Generation): Promise<void> {
    if (generation.size === 0 && generation.is('new')) return;
    const original = await this.#findOriginal(generation);
    const { state, size } = generation;
    if (state.is === 'ended') return;
    if (original !== undefined && !original.facts.isLinked) return await this.#replace(original, generation);
    const nowMs = this.#options.now();
    const isKnown = state.is === 'held' && state.size === size;
    if (original === undefined || (isKnown && nowMs - state.sinceMs >= twinGraceMs)) {
      generation.state = { is: 'readable' };
    } else if (!isKnown) {
      generation.state = { is: 'held', original, size, sinceMs: nowMs };
    }
  }

  /** The original is deleted: it goes on in its copy. */
  async #replace(original: Generation, copy: Generation): Promise<void> {
    this.#remove(copy);
    await original.handle.close();
    original.moveTo(copy);
    original.isListed = copy.isListed;
    this.version++;
  }

  /** The generation of which this one has the name of a rotated copy, and repeats the beginning to its last byte. */
  async #findOriginal(generation: Generation): Promise<Generation | undefined> {
    for (const other of [...this.generations]) {
      const isCandidate =
        other !== generation &&
        !other.is('held') &&
        isRotatedName(other.file, generation.path) &&
        generation.beginsLike(other);
      if (!isCandidate) continue;
      // whether it still holds what it held has to be looked at before anything is compared with it
      await this.#refresh(other, { isInDoubt: true });
      if (other.is('ended') || generation.is('ended')) continue;
      if (await generation.endsWithin(other)) return other;
    }
    return undefined;
  }

  async #closeFinished(): Promise<void> {
    const nowMs = this.#options.now();
    for (const generation of [...this.generations]) {
      const { isListed, facts, changedAtMs, handle } = generation;
      const graceMs = facts.isLinked ? rotatedGraceMs : deletedGraceMs;
      if (
        (isListed && facts.isLinked) ||
        nowMs - changedAtMs < graceMs ||
        this.shippedBytes(generation) < generation.size
      )
        continue;
      this.#remove(generation);
      await handle.close().catch((error: unknown) => {
        this.#options.log.debug('close failed', { path: generation.path, reason: describeError(error) });
      });
    }
  }
}

/** For copies of a file that is as old as ever: they are made after its last write, if only by a tick of the clock. */
function sinceLastWrite({ facts: { modifiedUs } }: Generation): FileTimes {
  return { modifiedUs, bornUs: modifiedUs - 1 };
}

/** The last one of each name. */
function newestOfEach<Item extends { readonly file: string }>(items: readonly Item[]): Item[] {
  return [...new Map(items.map((item) => [item.file, item])).values()];
}
