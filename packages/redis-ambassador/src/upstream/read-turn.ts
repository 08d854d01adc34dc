/** How much all connections may read in a turn of the event loop. */
const turnBytes = 4 * 1024 * 1024;

/** What goes on to read later. */
type Resume = () => void;

/**
 * Bounds the bytes that are read in one turn of the event loop: the memory of a connection that is closed is free
 * only after the turn, however much is read from all others until then.
 */
export class ReadTurn {
  readonly #maxBytes: number;
  #leftBytes: number;
  #stopped: Resume[] = [];
  #isEnding = false;

  constructor(maxBytes = turnBytes) {
    this.#maxBytes = maxBytes;
    this.#leftBytes = maxBytes;
  }

  /** Notes what was read. False if the reader has to stop; it is called back when it may go on. */
  allows(bytes: number, resume: Resume): boolean {
    this.#leftBytes -= bytes;
    // small reads of many turns share one end: an end costs a pass through the event loop
    if (!this.#isEnding && this.#leftBytes < this.#maxBytes / 2) {
      this.#isEnding = true;
      // immediates come before the closes of their turn, so those of the next turn come after them
      setImmediate(() => setImmediate(this.#begin));
    }
    if (this.#leftBytes > 0) return true;
    this.#stopped.push(resume);
    return false;
  }

  readonly #begin = (): void => {
    this.#isEnding = false;
    this.#leftBytes = this.#maxBytes;
    const stopped = this.#stopped;
    this.#stopped = [];
    for (const resume of stopped) resume();
  };
}
