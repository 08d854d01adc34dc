/**
 * Runs blocking work one piece per turn of the event loop, so that timers and signals run in between.
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
