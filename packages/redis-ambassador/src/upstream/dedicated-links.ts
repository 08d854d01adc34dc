import { CodedError } from '@pod-patterns/kit';
import type { Protocol } from '../resp/value.ts';
import type { Link } from './link.ts';
import type { LinkLoss } from './reply-target.ts';

/** What a link speaks and where it is. */
export interface LinkKind {
  readonly protocol: Protocol;
  readonly db: number;
}

export interface DedicatedOptions {
  /** Most links that are open at once, lent out or idle. */
  readonly max: number;
  readonly now: () => number;
  /** How long a client may wait for one. */
  readonly timeoutMs: number;
  readonly open: (kind: LinkKind, signal: AbortSignal) => Promise<Link>;
}

const maxIdle = 16;
const maxIdleMs = 30_000;

/**
 * Links of which each serves one client at a time: for transactions, blocking commands and subscriptions.
 * One that is given back clean is lent out again.
 */
export class DedicatedLinks {
  readonly #options: DedicatedOptions;
  readonly #idle = new Map<Link, LinkKind & { readonly since: number }>();
  readonly #lent = new Set<Link>();
  readonly #stop = new AbortController();
  #opening = 0;

  constructor(options: DedicatedOptions) {
    this.#options = options;
  }

  get lentCount(): number {
    return this.#lent.size;
  }

  get count(): number {
    return this.#lent.size + this.#idle.size + this.#opening;
  }

  /**
   * Lends a link that no one else uses.
   * @throws CodedError `dedicated-limit`, or what opening one throws
   */
  async take(kind: LinkKind, signal: AbortSignal): Promise<Link> {
    for (const [link, { protocol, db }] of this.#idle) {
      if (protocol !== kind.protocol || db !== kind.db) continue;
      this.#idle.delete(link);
      return this.#lend(link);
    }
    if (this.count >= this.#options.max) this.#dropIdle();
    if (this.count >= this.#options.max) {
      throw new CodedError(
        'dedicated-limit',
        `all ${this.#options.max} dedicated upstream connections are in use`,
      );
    }
    this.#opening++;
    try {
      const late = AbortSignal.timeout(this.#options.timeoutMs);
      return this.#lend(await this.#options.open(kind, AbortSignal.any([signal, this.#stop.signal, late])));
    } finally {
      this.#opening--;
    }
  }

  /** Takes back a link whose connection is as it was when it was opened. */
  giveBack(link: Link, kind: LinkKind): void {
    this.#lent.delete(link);
    if (link.isLost) return;
    link.own(undefined);
    if (this.#idle.size >= maxIdle) this.#dropIdle();
    this.#idle.set(link, { ...kind, since: this.#options.now() });
    link.onLost = () => this.#idle.delete(link);
  }

  /** Ends a link that cannot be lent again. */
  discard(link: Link): void {
    this.#lent.delete(link);
    link.lose({ reason: 'abandoned', detail: 'the client is gone' });
  }

  /** Ends those that nobody has needed for a while. To be called now and then. */
  expire(): void {
    for (const [link, { since }] of this.#idle) {
      if (this.#options.now() - since <= maxIdleMs) return;
      link.lose({ reason: 'stopped', detail: 'no longer needed' });
    }
  }

  /** Loses all of them. */
  lose(loss: LinkLoss): void {
    for (const link of [...this.#lent, ...this.#idle.keys()]) link.lose(loss);
  }

  close(): void {
    this.#stop.abort();
    this.lose({ reason: 'stopped', detail: 'the ambassador is stopping' });
  }

  #lend(link: Link): Link {
    this.#lent.add(link);
    link.onLost = () => this.#lent.delete(link);
    return link;
  }

  #dropIdle(): void {
    const [oldest] = this.#idle.keys();
    oldest?.lose({ reason: 'stopped', detail: 'no longer needed' });
  }
}
