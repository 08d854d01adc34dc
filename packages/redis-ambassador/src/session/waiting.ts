import type { View } from './view.ts';
import { type Hold, type Where, waits } from './waits.ts';

/** Current wait of a client's requests, if any. */
export class Waiting {
  /** Undefined while the next request can be taken. */
  hold: Hold | undefined;
  readonly #view: View;
  readonly #come: (hold: Hold) => void;

  /** @param come called when the wait is over, and the next request can be taken */
  constructor(view: View, come: (hold: Hold) => void) {
    this.#view = view;
    this.#come = come;
  }

  /** Keeps the client's requests in the intake until the wait is over. */
  start(hold: Hold, where: Where): void {
    this.hold = hold;
    const row = waits[hold];
    if ('call' in row) row.call(this.#view, () => this.#end(hold), where);
  }

  /** Checks the wait after a change. True if the wait is over and the client has continued. */
  look(): boolean {
    const { hold } = this;
    if (hold === undefined) return false;
    const row = waits[hold];
    if (!('hasCome' in row) || !row.hasCome(this.#view)) return false;
    this.#end(hold);
    return true;
  }

  /** Makes a callback that has no effect after the wait is over. */
  #end(hold: Hold): void {
    if (this.hold !== hold) return;
    this.hold = undefined;
    this.#come(hold);
  }
}
