import type { View } from './view.ts';
import { type Hold, type Where, waits } from './waits.ts';

/** What a client's requests wait for, if anything. */
export class Waiting {
  /** Undefined while the next request can be taken. */
  hold: Hold | undefined;
  readonly #view: View;
  readonly #come: (hold: Hold) => void;

  /** @param come called when it has come, and the next request can be taken */
  constructor(view: View, come: (hold: Hold) => void) {
    this.#view = view;
    this.#come = come;
  }

  /** What the client has sent stays where it is until this has come. */
  start(hold: Hold, where: Where): void {
    this.hold = hold;
    const row = waits[hold];
    if ('call' in row) row.call(this.#view, () => this.#end(hold), where);
  }

  /** Something has changed for the client. True if it was what it waits for, and it has gone on. */
  look(): boolean {
    const { hold } = this;
    if (hold === undefined) return false;
    const row = waits[hold];
    if (!('hasCome' in row) || !row.hasCome(this.#view)) return false;
    this.#end(hold);
    return true;
  }

  /** A call that comes after the wait is over means nothing. */
  #end(hold: Hold): void {
    if (this.hold !== hold) return;
    this.hold = undefined;
    this.#come(hold);
  }
}
