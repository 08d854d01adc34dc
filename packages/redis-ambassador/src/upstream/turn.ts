/** Something that gathers what it has to send. */
export interface Flushable {
  isFlushDue: boolean;
  flush(): void;
}

/**
 * Lets links send once in a turn of the event loop, however many clients have spoken in it: the fewer and
 * larger writes cost both ends less. A client that speaks alone need not wait for others.
 */
export class Turn {
  #lastSource: object | undefined;
  readonly #due: Flushable[] = [];

  /** `source` has added to what the link has to send. */
  submit(link: Flushable, source: object): void {
    const isAlone = source === this.#lastSource && this.#due.length === 0;
    this.#lastSource = source;
    if (isAlone) link.flush();
    else this.defer(link);
  }

  /** What it has goes out at the end of this turn, with what is added until then. */
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
