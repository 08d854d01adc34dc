/**
 * Turns of the event loop, for work that may keep it busy: one piece a turn, so that timers and signals are heard
 * between two of them.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does the work when its turn has come. */
  take<Value>(work: () => Value): Promise<Value> {
    const turn = this.#last.then(nextTurn).then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
