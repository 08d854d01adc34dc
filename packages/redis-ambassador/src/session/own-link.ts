import type { ExclusiveTarget } from '../upstream/reply-target.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { ClientState } from './client-state.ts';
import { Dedicated } from './dedicated.ts';

/** Gets, keeps and gives back the link that is one client's alone. */
export class OwnLink {
  current: Dedicated | undefined;
  readonly #client: ExclusiveTarget;
  readonly #state: ClientState;
  readonly #upstream: Upstream;
  /** Ends the wait for a link when the client is gone; made at the first wait, as most clients never wait. */
  #gone: AbortController | undefined;
  #refusal: string | undefined;

  constructor(client: ExclusiveTarget, state: ClientState, upstream: Upstream) {
    this.#client = client;
    this.#state = state;
    this.#upstream = upstream;
  }

  /** The error of the last attempt to get one, told once. */
  takeRefusal(): string | undefined {
    const refusal = this.#refusal;
    this.#refusal = undefined;
    return refusal;
  }

  /** Gets a link that fits the client; calls back when it is there, or a refusal is. */
  get(settled: () => void): void {
    const { protocol, db } = this.#state;
    const { dedicated } = this.#upstream;
    const gone = this.#gone ?? new AbortController();
    this.#gone = gone;
    dedicated.take({ protocol, db }, gone.signal).then(
      (link) => {
        if (gone.signal.aborted) return dedicated.giveBack(link, { protocol, db });
        link.own(this.#client);
        this.current = new Dedicated(link);
        settled();
      },
      (cause: unknown) => {
        this.#refusal = this.#upstream.failureText(cause);
        settled();
      },
    );
  }

  /** Gives the link back if it is as it was when it was lent. */
  giveBackIfClean(): void {
    if (!this.current?.isClean) return;
    const { link } = this.current;
    const { protocol, db } = this.#state;
    this.current = undefined;
    this.#upstream.dedicated.giveBack(link, { protocol, db });
  }

  /** Gives the link up, and with it all that was set up there. */
  drop(): void {
    const { current } = this;
    this.current = undefined;
    if (current !== undefined) this.#upstream.dedicated.discard(current.link);
  }

  /** The client is gone. */
  close(): void {
    this.#gone?.abort();
    this.drop();
  }
}
