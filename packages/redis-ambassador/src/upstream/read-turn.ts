/** Maximum bytes that all connections may read per turn of the event loop. */
const turnBytes = 4 * 1024 * 1024;

/** A reader that resumes later. */
type Resume = () => void;

/**
 * Bounds the bytes read in one turn of the event loop: the memory of a closed connection is free
 * only after the turn, however much is read from others until then. It counts across turns: resetting at each
 * turn would take two immediates per read, a tenth of the CPU time of a command from a single client.
 */
export class ReadTurn {
  readonly #maxBytes: number;
  #leftBytes: number;
  #stopped: Resume[] = [];

  constructor(maxBytes = turnBytes) {
    this.#maxBytes = maxBytes;
    this.#leftBytes = maxBytes;
  }

  /** Counts read bytes. False if the reader must pause; it is called back when it may resume. */
  allows(bytes: number, resume: Resume): boolean {
    this.#leftBytes -= bytes;
    if (this.#leftBytes > 0) return true;
    // immediates run before the close callbacks of their turn, so wait for those of the next turn
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
