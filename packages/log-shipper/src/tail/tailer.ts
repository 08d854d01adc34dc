import { stat } from 'node:fs/promises';
import { Bell } from '../buffer/bell.ts';
import type { Catalog } from './catalog.ts';
import { factsOf } from './file-facts.ts';
import { FolderWatch } from './folder-watch.ts';
import type { Generation } from './generation.ts';
import type { Glob } from './glob.ts';
import type { Problems } from './problems.ts';
import { type Listing, walk } from './walk.ts';

export interface TailerOptions {
  readonly globs: readonly Glob[];
  readonly catalog: Catalog;
  readonly problems: Problems;
  /** Called when there may be something to read, or the set of files has changed. */
  readonly onChange: () => void | Promise<void>;
  /** Milliseconds of the monotonic clock. */
  readonly now: () => number;
}

/** How often files that grow are looked at, and those that could. */
const hotPollMs = 30;
const pollMs = 250;
/** A file is hot for this long after it has grown. */
const hotForMs = 2000;
/** How often names are looked at; less often where that would take more than a hundredth of the time. */
const scanMs = 1000;
const scanShare = 0.01;

/** Keeps the catalog true: woken by the system while all is quiet, on its own clock while files grow. */
export class Tailer {
  /** When a file has grown last. */
  grewAtMs: number;
  /** How long nothing may go unseen while a stop waits for the last lines. */
  isDraining = false;
  readonly #options: TailerOptions;
  readonly #bell = new Bell();
  readonly #watch: FolderWatch;
  #listing: Listing | undefined;
  #scanAtMs = 0;
  #pollAtMs = 0;
  #isStopped = false;

  constructor(options: TailerOptions) {
    this.#options = options;
    this.grewAtMs = options.now();
    this.#watch = new FolderWatch((event) => {
      if (event === 'names') this.#scanAtMs = 0;
      this.#bell.ring();
    });
  }

  /** Looks at all names and sizes now. */
  async scan(): Promise<void> {
    const { globs, catalog, problems, now } = this.#options;
    const startedMs = now();
    const listing = await walk(globs);
    this.#listing = listing;
    const opened = new Set(catalog.generations.map(({ path }) => path));
    problems.listed(listing.problems, (path) => opened.has(path) || listing.files.has(path));
    await catalog.update(listing);
    const endedMs = now();
    this.#pollAtMs = endedMs + pollMs;
    this.#scanAtMs = endedMs + Math.max(this.isDraining ? pollMs : scanMs, (endedMs - startedMs) / scanShare);
  }

  async run(): Promise<void> {
    using watch = this.#watch;
    while (!this.#isStopped) {
      if (await this.#pass()) {
        await this.#bell.wait(hotPollMs);
        continue;
      }
      watch.arm(this.#listing?.folders ?? []);
      // what happened between the pass and the watch would not ring
      if (!(await this.#pollAll())) await this.#bell.wait(this.isDraining ? hotPollMs : scanMs);
    }
  }

  /** Ends `run` after its current pass. */
  stop(): void {
    this.#isStopped = true;
    this.#bell.ring();
  }

  /** Something does not look right: look at once. */
  wake(): void {
    this.#scanAtMs = 0;
    this.#bell.ring();
  }

  /** One look, as deep as the time demands; true when something has grown lately and will again. */
  async #pass(): Promise<boolean> {
    const { now, catalog, onChange } = this.#options;
    const nowMs = now();
    if (nowMs >= this.#scanAtMs) {
      const before = catalog.version;
      const size = this.#totalSize();
      await this.scan();
      if (this.#totalSize() !== size || catalog.version !== before) this.grewAtMs = now();
    } else if (nowMs >= this.#pollAtMs) {
      await this.#pollAll();
    } else {
      const hot = catalog.generations.filter(({ changedAtMs }) => nowMs - changedAtMs < hotForMs);
      if (await catalog.poll(hot)) this.grewAtMs = now();
      await this.#checkNames(hot);
    }
    await onChange();
    return now() - this.grewAtMs < hotPollMs;
  }

  async #pollAll(): Promise<boolean> {
    const { catalog, now } = this.#options;
    const hasGrown = await catalog.poll(catalog.generations);
    this.#pollAtMs = now() + pollMs;
    if (hasGrown) this.grewAtMs = now();
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
