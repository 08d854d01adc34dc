import { asUsual, Generation, type GenerationOrigin, type GenerationSettings } from './generation.ts';
import type { Opened } from './handles.ts';
import { originalNames } from './successors.ts';

/** The known generations, by inode, by name, and by the names that rotation may give them. */
export class Roster {
  /** In the order in which they were found. */
  readonly generations: Generation[] = [];
  /**
   * Counts of generations that were added or turned out not to be copies, and of those that were removed or continued in a
   * copy: the checkpoint must record them.
   */
  added = 0;
  altered = 0;
  readonly #now: () => number;
  readonly #settingsOf: (file: string) => GenerationSettings;
  readonly #byInode = new Map<string, Generation>();
  readonly #newest = new Map<string, Generation>();
  #nextSeq = 1;

  /** `now` gives milliseconds of the monotonic clock. */
  constructor(now: () => number, settingsOf: (file: string) => GenerationSettings = () => asUsual) {
    this.#now = now;
    this.#settingsOf = settingsOf;
  }

  /** Adds a generation, with its number from before a restart if it had one. */
  add(opened: Opened, origin: GenerationOrigin, seq = this.#nextSeq): Generation {
    this.#nextSeq = Math.max(this.#nextSeq, seq + 1);
    const generation = new Generation(opened, {
      ...{ ...origin, seq, nowMs: this.#now() },
      settings: this.#settingsOf(origin.file),
    });
    const previous = this.#newest.get(origin.file);
    if (previous !== undefined) {
      generation.previous = previous;
      previous.next = generation;
    }
    this.#newest.set(origin.file, generation);
    this.#byInode.set(generation.inode, generation);
    this.generations.push(generation);
    this.added++;
    return generation;
  }

  remove(generation: Generation): void {
    const { previous, next, file, inode } = generation;
    if (previous !== undefined) previous.next = next;
    if (next !== undefined) next.previous = previous;
    if (next === undefined) {
      if (previous === undefined) this.#newest.delete(file);
      else this.#newest.set(file, previous);
    }
    if (this.#byInode.get(inode) === generation) this.#byInode.delete(inode);
    generation.state = { is: 'ended' };
    this.generations.splice(this.generations.indexOf(generation), 1);
    this.altered++;
  }

  /** Continues the generation in another file with the same content. */
  move(generation: Generation, into: Pick<Opened, 'source' | 'facts'>): void {
    if (this.#byInode.get(generation.inode) === generation) this.#byInode.delete(generation.inode);
    generation.moveTo(into);
    this.#byInode.set(generation.inode, generation);
    this.altered++;
  }

  /** Marks all numbers up to this `seq` as taken. */
  skipTo(seq: number): void {
    this.#nextSeq = Math.max(this.#nextSeq, seq + 1);
  }

  withInode(inode: string): Generation | undefined {
    return this.#byInode.get(inode);
  }

  newestOfEach(): Generation[] {
    return [...this.#newest.values()];
  }

  /** All generations of a name, newest first. */
  of(file: string): Generation[] {
    const found: Generation[] = [];
    for (let one = this.#newest.get(file); one !== undefined; one = one.previous) found.push(one);
    return found;
  }

  /** The generations of all names of which `path` can be a rotated name. */
  rotatedTo(path: string): Generation[] {
    return originalNames(path, (file) => this.#newest.has(file)).flatMap((file) => this.of(file));
  }
}
