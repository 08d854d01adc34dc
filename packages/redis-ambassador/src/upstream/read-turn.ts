/** How much all connections may read until they have to stop for a turn of the event loop. */
const turnBytes = 4 * 1024 * 1024;

/** What goes on to read later. */
type Resume = () => void;

/**
 * Bounds the bytes that are read in one turn of the event loop: the memory of a connection that is closed is free
 * only after the turn, however much is read from all others until then. It counts on from turn to turn: to begin each
 * one anew would take two immediates for every read, a tenth of the CPU time of a command from a lone client.
 */
export class ReadTurn {
  readonly #maxBytes: number;
  #leftBytes: number;
  #stopped: Resume[] = [];

  constructor(maxBytes = turnBytes) {
    this.#maxBytes = maxBytes;
    this.#leftBytes = maxBytes;
  }

  /** Notes what was read. False if the reader has to stop; it is called back when it may go on. */
  allows(bytes: number, resume: Resume): boolean {
    this.#leftBytes -= bytes;
    if (this.#leftBytes > 0) return true;
    // immediates come before the closes of their turn, so those of the next turn come after them
    if (this.#stopped.push(resume) === 1) setImmediate(() => setImmediate(this.#begin));
    return false;
  }

  readonly #begin = (): void => {
    this.#leftBytes = this.#maxBytes;
    const stopped = this.#stopped;
    this.#stopped = [];
    for (const resume of stopped) resume();
  };
}
