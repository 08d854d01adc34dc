import { stat } from 'node:fs/promises';
import { Bell } from './bell.ts';
import type { Catalog } from './catalog.ts';
import type { Fence } from './fence.ts';
import { factsOf } from './file-facts.ts';
import { FolderWatch } from './folder-watch.ts';
import type { Generation } from './generation.ts';
import type { Glob } from './glob.ts';
import type { Problems } from './problems.ts';
import { type Listing, walk } from './walk.ts';

export interface TailerOptions {
  readonly globs: readonly Glob[];
  /** Patterns of excluded files. */
  readonly excluded: readonly Glob[];
  readonly fence: Fence;
  readonly catalog: Catalog;
  readonly problems: Problems;
  /** Called when there may be something to read, or when the set of files has changed. */
  readonly onChange: () => void;
  /** Milliseconds of the monotonic clock. */
  readonly now: () => number;
}

/** Poll intervals of files that grow, and of all others. */
const hotPollMs = 40;
const pollMs = 250;
/** A file is hot for this long after it has grown. */
const hotForMs = 2000;
/** Interval between scans of names. */
const scanMs = 1000;
/** Per file that has probably not changed. A poll takes some 20 µs, so this is a hundredth of the time. */
const restMsAFile = 2;

/** Keeps the catalog up to date: by events of the system while all is quiet, by polling while files grow. */
export class Tailer {
  /** When a file last grew. */
  grewAtMs: number;
  /** Start of the last completed look at all files. */
  lookedFromMs = 0;
  /** Scans and polls at shorter intervals, while a stop waits for the last lines. */
  isDraining = false;
  readonly #options: TailerOptions;
  readonly #bell = new Bell();
  readonly #watch: FolderWatch;
  readonly #scanned = Promise.withResolvers<void>();
  #listing: Listing | undefined;
  #scanAtMs = 0;
  #pollAtMs = 0;
  #isStopped = false;
  /** A change may have come without an event. */
  #isBlind = true;
  /** Files written to, by the events. */
  readonly #touched = new Set<string>();

  constructor(options: TailerOptions) {
    this.#options = options;
    this.grewAtMs = options.now();
    this.#watch = new FolderWatch(({ isAboutNames, path }) => {
      if (isAboutNames) this.#scanAtMs = 0;
      if (path !== undefined) this.#touched.add(path);
      this.#bell.ring();
    });
  }

  /** Resolves after the first scan of all names. */
  get scanned(): Promise<void> {
    return this.#scanned.promise;
  }

  /** Scans all names and sizes now. */
  async scan(): Promise<void> {
    const { globs, excluded, fence, catalog, problems, now, onChange } = this.#options;
    const { roster } = catalog;
    const before = roster.added + roster.altered;
    const size = this.#totalSize();
    const listing = await walk(globs, fence, excluded);
    this.#listing = listing;
    const opened = new Set(catalog.generations.map(({ path }) => path));
    problems.listed(listing.problems, (path) => opened.has(path) || listing.files.has(path));
    problems.unmatched(listing.unmatched);
    await catalog.update(listing, onChange);
    const endedMs = now();
    if (this.#totalSize() !== size || roster.added + roster.altered !== before) this.grewAtMs = endedMs;
    this.#isBlind = this.#isBlind && !this.#watch.isArmed;
    const restMs = listing.files.size * restMsAFile;
    this.#pollAtMs = endedMs + Math.max(pollMs, restMs);
    this.#scanAtMs = endedMs + Math.max(this.isDraining ? pollMs : scanMs, restMs);
    this.#scanned.resolve();
  }

  async run(): Promise<void> {
    using watch = this.#watch;
    while (!this.#isStopped) {
      if (await this.#pass()) {
        await this.#bell.wait(hotPollMs);
        continue;
      }
      if (watch.arm(this.#listing?.folders ?? [])) {
        // events between the pass and a new watch are lost
        this.#isBlind = true;
        if (await this.#pollHot()) continue;
      }
      const nextMs = this.#isBlind ? Math.min(this.#pollAtMs, this.#scanAtMs) : this.#scanAtMs;
      const restMs = this.isDraining ? hotPollMs : nextMs - this.#options.now();
      await this.#bell.wait(Math.min(scanMs, Math.max(1, restMs)));
    }
  }

  /** Ends `run` after its current pass. */
  stop(): void {
    this.#isStopped = true;
    this.#bell.ring();
  }

  /** Starts a pass at once, because something does not look right. */
  wake(): void {
    this.#scanAtMs = 0;
    this.#bell.ring();
  }

  /** One pass of what is due; true if something grew lately and probably will again. */
  async #pass(): Promise<boolean> {
    const { now, onChange } = this.#options;
    const nowMs = now();
    if (nowMs < this.#scanAtMs && nowMs < this.#pollAtMs) await this.#pollHot();
    else {
      await (nowMs >= this.#scanAtMs ? this.scan() : this.#pollAll());
      this.lookedFromMs = nowMs;
    }
    onChange();
    return now() - this.grewAtMs < hotPollMs;
  }

  async #pollAll(): Promise<void> {
    const { now, catalog } = this.#options;
    this.#touched.clear();
    await this.#poll(catalog.generations);
    this.#isBlind = this.#isBlind && !this.#watch.isArmed;
    this.#pollAtMs = now() + Math.max(pollMs, catalog.generations.length * restMsAFile);
  }

  async #pollHot(): Promise<boolean> {
    const nowMs = this.#options.now();
    const hot = this.#options.catalog.generations.filter(
      ({ changedAtMs, path, realPath }) =>
        nowMs - changedAtMs < hotForMs || this.#touched.has(path) || this.#touched.has(realPath),
    );
    this.#touched.clear();
    const hasGrown = await this.#poll(hot);
    await this.#checkNames(hot);
    return hasGrown;
  }

  async #poll(generations: readonly Generation[]): Promise<boolean> {
    const hasGrown = await this.#options.catalog.poll(generations);
    if (hasGrown) this.grewAtMs = this.#options.now();
    return hasGrown;
  }

  /** A busy file that was rotated is noticed at once, not at the next scan. */
  async #checkNames(hot: readonly Generation[]): Promise<void> {
    for (const { isListed, path, facts } of hot) {
      if (!isListed) continue;
      const stats = await stat(path, { bigint: true }).catch(() => undefined);
      if (stats === undefined || factsOf(stats).inode !== facts.inode) this.#scanAtMs = 0;
    }
  }

  #totalSize(): number {
    return this.#options.catalog.generations.reduce((sum, { size }) => sum + size, 0);
  }
}
