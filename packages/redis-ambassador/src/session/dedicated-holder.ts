import type { PongForm } from '../upstream/heartbeat.ts';
import type { DedicatedTarget } from '../upstream/reply-target.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { ClientState } from './client-state.ts';
import { Dedicated } from './dedicated.ts';

/** Read progress of a client. */
export interface Pace {
  readonly isBehind: boolean;
  readonly hasCaughtUp: boolean;
}

/** Acquires, keeps and returns the dedicated link of one client. */
export class DedicatedHolder {
  current: Dedicated | undefined;
  /** Error of a failed wait for a link. */
  refusal: string | undefined;
  readonly #client: DedicatedTarget;
  readonly #state: ClientState;
  #node: string | undefined;
  /** The client that owns the link. */
  #upstream: Upstream | undefined;
  /** Ends the wait for a link when the client disconnects; created at the first wait, as most clients never wait. */
  #gone: AbortController | undefined;

  constructor(client: DedicatedTarget, state: ClientState) {
    this.#client = client;
    this.#state = state;
  }

  /** The id of the node of the link. */
  get node(): string | undefined {
    return this.current === undefined ? undefined : this.#node;
  }

  /** Acquires a link that fits the client; calls back with success or a refusal, at `until` at the latest. */
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

  /** Returns the link if it is clean. */
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

  /** Reads from the link as fast as the client reads. */
  pace(client: Pace): void {
    const link = this.current?.link;
    if (link === undefined) return;
    if (client.isBehind) link.hold(true);
    else if (client.hasCaughtUp) link.hold(false);
  }

  /** Unblocks the client's blocking command, so that no popped element is lost. */
  unblock(): void {
    if (this.current?.isBlocking) this.#upstream?.unblock(this.current.link);
  }

  /** Drops the link with all its state. */
  drop(): void {
    const { current } = this;
    this.current = undefined;
    if (current !== undefined) this.#upstream?.dedicated.discard(current.link);
  }

  /** Drops all state of a disconnected client. */
  close(): void {
    this.#gone?.abort();
    this.drop();
  }
}
