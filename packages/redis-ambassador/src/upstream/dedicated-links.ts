import { CodedError } from '@pod-patterns/kit';
import type { Protocol } from '../resp/value.ts';
import type { Link } from './link.ts';
import type { LinkLoss } from './reply-target.ts';

/** Protocol and database of a link. */
export interface LinkKind {
  readonly protocol: Protocol;
  readonly db: number;
}

/** Dependencies of a pool of dedicated links. */
export interface DedicatedOptions {
  /** Maximum number of open links, lent or idle. */
  readonly max: number;
  readonly now: () => number;
  readonly open: (kind: LinkKind, signal: AbortSignal) => Promise<Link>;
}

const maxIdle = 16;
const maxIdleMs = 30_000;

/**
 * Pool of links that serve one client at a time: for transactions, blocking commands and subscriptions.
 * A link returned clean is lent again.
 */
export class DedicatedLinks {
  readonly #options: DedicatedOptions;
  readonly #idle = new Map<Link, LinkKind & { readonly since: number }>();
  readonly #lent = new Set<Link>();
  readonly #stop = new AbortController();
  readonly #waiting = new Set<() => void>();
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
   * Lends an unused link; while all are in use, waits for one until that time at most.
   * @throws CodedError `dedicated-limit`, or what opening one throws
   */
  async take(kind: LinkKind, signal: AbortSignal, until: number): Promise<Link> {
    const idle = this.#takeIdle(kind);
    if (idle !== undefined) return this.#lend(idle);
    const { now, open } = this.#options;
    const late = AbortSignal.timeout(Math.max(0, Math.ceil(until - now())));
    const over = AbortSignal.any([signal, this.#stop.signal, late]);
    while (this.count >= this.#options.max) {
      await this.#makeRoom(over);
      const givenBack = this.#takeIdle(kind);
      if (givenBack !== undefined) return this.#lend(givenBack);
    }
    this.#opening++;
    try {
      return this.#lend(await open(kind, over));
    } catch (cause) {
      throw late.aborted ? new CodedError('connect-timeout', 'no connection in time', { cause }) : cause;
    } finally {
      this.#opening--;
      this.#wakeOne();
    }
  }

  #takeIdle(kind: LinkKind): Link | undefined {
    for (const [link, { protocol, db }] of this.#idle) {
      if (protocol !== kind.protocol || db !== kind.db) continue;
      this.#idle.delete(link);
      return link;
    }
    return undefined;
  }

  /** Makes room for another link, or waits for room. */
  async #makeRoom(over: AbortSignal): Promise<void> {
    if (this.#idle.size > 0) {
      this.#dropIdle();
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const fail = () =>
      reject(
        new CodedError(
          'dedicated-limit',
          `all ${this.#options.max} dedicated upstream connections are in use`,
        ),
      );
    over.addEventListener('abort', fail, { once: true });
    this.#waiting.add(resolve);
    try {
      if (over.aborted) fail();
      await promise;
    } finally {
      this.#waiting.delete(resolve);
      over.removeEventListener('abort', fail);
    }
  }

  /** Wakes one waiter. */
  #wakeOne(): void {
    const [first] = this.#waiting;
    if (first === undefined || this.#lent.size + this.#opening >= this.#options.max) return;
    this.#waiting.delete(first);
    first();
  }

  /** Takes back a clean link. */
  giveBack(link: Link, kind: LinkKind): void {
    this.#lent.delete(link);
    if (!link.isLost) {
      link.dedicateTo(undefined);
      if (this.#idle.size >= maxIdle) this.#dropIdle();
      this.#idle.set(link, { ...kind, since: this.#options.now() });
      link.onLost = () => this.#idle.delete(link);
    }
    this.#wakeOne();
  }

  /** Closes a link that cannot be lent again. */
  discard(link: Link): void {
    this.#lent.delete(link);
    link.lose({ reason: 'abandoned', detail: 'the client has disconnected' });
    this.#wakeOne();
  }

  /** Closes links that were idle for long. Call it periodically. */
  expire(): void {
    for (const [link, { since }] of this.#idle) {
      if (this.#options.now() - since <= maxIdleMs) return;
      link.lose({ reason: 'stopped', detail: 'no longer needed' });
    }
  }

  /** Closes all links. */
  lose(loss: LinkLoss): void {
    for (const link of [...this.#lent, ...this.#idle.keys()]) link.lose(loss);
  }

  close(): void {
    this.#stop.abort();
    this.lose({ reason: 'stopped', detail: 'the ambassador is stopping' });
  }

  #lend(link: Link): Link {
    this.#lent.add(link);
    link.onLost = () => {
      this.#lent.delete(link);
      this.#wakeOne();
    };
    return link;
  }

  #dropIdle(): void {
    const [oldest] = this.#idle.keys();
    oldest?.lose({ reason: 'stopped', detail: 'no longer needed' });
  }
}
