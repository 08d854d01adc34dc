import type { Logger } from '@pod-patterns/kit';
import type { Figures, RejectReason } from '../figures.ts';

/** Maximum lines per period; more clients are only counted. */
const maxLines = 10;
const periodMs = 10_000;

/** Wanted ends, which are only logged at debug level. */
const isWanted: ReadonlySet<RejectReason> = new Set(['killed', 'stopped']);

/** Counts and logs each client refused or cut off, with address and reason. Sums up a flood of them. */
export class Rejections {
  readonly #figures: Figures;
  readonly #log: Logger;
  #lines = 0;
  #omitted = new Map<RejectReason, number>();
  #period: NodeJS.Timeout | undefined;

  constructor(figures: Figures, log: Logger) {
    this.#figures = figures;
    this.#log = log;
  }

  /** Called once per client. */
  note(reason: RejectReason, client: string): void {
    this.#figures.countRejected(reason);
    if (isWanted.has(reason)) this.#log.debug('client disconnected', { client, reason });
    else if (this.#lines < maxLines) this.#warn(reason, client);
    else this.#omitted.set(reason, (this.#omitted.get(reason) ?? 0) + 1);
  }

  #warn(reason: RejectReason, client: string): void {
    this.#lines++;
    this.#period ??= setTimeout(() => this.#endPeriod(), periodMs).unref();
    this.#log.warn(reason === 'max-clients' ? 'client refused' : 'client cut off', { client, reason });
  }

  #endPeriod(): void {
    const omitted = this.#omitted;
    this.#period = undefined;
    this.#omitted = new Map();
    this.#lines = 0;
    if (omitted.size > 0) this.#log.warn('more clients refused or cut off', Object.fromEntries(omitted));
  }
}
