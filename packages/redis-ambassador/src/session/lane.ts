import type { Link } from '../upstream/link.ts';
import type { LinkSet } from '../upstream/link-set.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { ClientState } from './client-state.ts';

/** Path of one client's requests to one node: one of the shared links with its protocol and database. */
export class Lane {
  readonly upstream: Upstream;
  #set: LinkSet | undefined;
  #link: Link | undefined;
  #epoch = -1;

  constructor(upstream: Upstream) {
    this.upstream = upstream;
  }

  /** Shared links that fit; undefined when too many databases are in use. */
  setFor({ protocol, db }: ClientState, now: () => number): LinkSet | undefined {
    const before = this.#set;
    if (before?.protocol === protocol && before.db === db) return before;
    const set = this.upstream.set(protocol, db);
    this.leave(now());
    this.#set = set;
    if (set !== undefined) set.users++;
    return set;
  }

  /** Returns the link: a new one after a loss, or when more links are up and no request of the client is pending. */
  linkOf(set: LinkSet | undefined, isIdle: boolean): Link | undefined {
    const link = this.#link;
    if (link !== undefined && !link.isLost && (!isIdle || this.#epoch === set?.epoch)) return link;
    this.#link = set?.pick();
    this.#epoch = set?.epoch ?? -1;
    return this.#link;
  }

  /** Releases its links. */
  leave(now: number): void {
    const set = this.#set;
    this.#set = undefined;
    this.#link = undefined;
    if (set === undefined) return;
    set.users--;
    set.unusedSince = now;
  }

  /** The last used link. */
  get link(): Link | undefined {
    return this.#link;
  }
}
