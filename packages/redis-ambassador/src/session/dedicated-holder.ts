import type { PongForm } from '../upstream/heartbeat.ts';
import type { DedicatedTarget } from '../upstream/reply-target.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { ClientState } from './client-state.ts';
import { Dedicated } from './dedicated.ts';

/** How far a client is with reading its replies. */
export interface Pace {
  readonly isBehind: boolean;
  readonly hasCaughtUp: boolean;
}

/** Gets, keeps and gives back the link that is dedicated to one client. */
export class DedicatedHolder {
  current: Dedicated | undefined;
  /** Why the client cannot have the one it has waited for. */
  refusal: string | undefined;
  readonly #client: DedicatedTarget;
  readonly #state: ClientState;
  #node: string | undefined;
  /** Whose link it is. */
  #upstream: Upstream | undefined;
  /** Ends the wait for a link when the client is gone; made at the first wait, as most clients never wait. */
  #gone: AbortController | undefined;

  constructor(client: DedicatedTarget, state: ClientState) {
    this.#client = client;
    this.#state = state;
  }

  /** The id of the node that the link goes to. */
  get node(): string | undefined {
    return this.current === undefined ? undefined : this.#node;
  }

  /** Gets a link that fits the client; calls back when it is there, or a refusal is, the latest at `until`. */
  get(node: string, upstream: Upstream, { settled, until }: { settled: () => void; until: number }): void {
    const { protocol, db } = this.#state;
    const { dedicated } = upstream;
    const gone = this.#gone ?? new AbortController();
    this.#gone = gone;
    dedicated.take({ protocol, db }, gone.signal, until).then(
      (link) => {
        if (gone.signal.aborted) return dedicated.giveBack(link, { protocol, db });
        link.dedicateTo(this.#client, () => this.#pongForm);
        this.current = new Dedicated(link);
        this.#upstream = upstream;
        this.#node = node;
        settled();
      },
      (cause: unknown) => {
        this.refusal = upstream.failureText(cause);
        settled();
      },
    );
  }

  get #pongForm(): PongForm | undefined {
    const isForNext = this.#state.lastCommand?.does === 'prefix';
    return isForNext ? undefined : this.current?.pongForm(this.#state.protocol);
  }

  /** Gives the link back if it is as it was when it was lent. */
  giveBackIfClean(): void {
    if (!this.current?.isClean) return;
    const { link } = this.current;
    if (link.isFinished) {
      this.drop();
      return;
    }
    this.current.restore();
    const { protocol, db } = this.#state;
    this.current = undefined;
    this.#upstream?.dedicated.giveBack(link, { protocol, db });
  }

  /** Lets the link go as fast as the client reads. */
  pace(client: Pace): void {
    const link = this.current?.link;
    if (link === undefined) return;
    if (client.isBehind) link.hold(true);
    else if (client.hasCaughtUp) link.hold(false);
  }

  /** Ends what the client blocks in, so that nothing it has taken out is lost. */
  unblock(): void {
    if (this.current?.isBlocking) this.#upstream?.unblock(this.current.link);
  }

  /** Gives the link up, and with it all that was set up there. */
  drop(): void {
    const { current } = this;
    this.current = undefined;
    if (current !== undefined) this.#upstream?.dedicated.discard(current.link);
  }

  /** The client is gone. */
  close(): void {
    this.#gone?.abort();
    this.drop();
  }
}
