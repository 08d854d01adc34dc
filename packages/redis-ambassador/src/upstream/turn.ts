/** A source of gathered output. */
export interface Flushable {
  isFlushDue: boolean;
  flush(): void;
}

/**
 * Lets links send once per turn of the event loop, however many clients sent requests in it: fewer and
 * larger writes cost both ends less. A single active client does not wait for others.
 */
export class Turn {
  #lastSource: object | undefined;
  readonly #due: Flushable[] = [];

  /** Records that `source` has added output. */
  submit(link: Flushable, source: object): void {
    const isAlone = source === this.#lastSource && this.#due.length === 0;
    this.#lastSource = source;
    if (isAlone) link.flush();
    else this.defer(link);
  }

  /** Flushes at the end of this turn, with all output added until then. */
  defer(gatherer: Flushable): void {
    if (gatherer.isFlushDue) return;
    gatherer.isFlushDue = true;
    if (this.#due.push(gatherer) === 1) setImmediate(this.#flushAll);
  }

  readonly #flushAll = (): void => {
    for (const gatherer of this.#due.splice(0)) {
      gatherer.isFlushDue = false;
      gatherer.flush();
    }
  };
}
