import type { Files } from './files.ts';
import { type Failure, failure, type Reason } from './outcome.ts';
import type { Turns } from './turns.ts';

/** What probes need from the machine they run on. */
export interface Surroundings {
  readonly files: Files;
  readonly turns: Turns;
  /** Paths of `resolv.conf` and of the hosts file. */
  readonly resolvConf: string;
  readonly hosts: string;
  /** Folder with the `token`, `ca.crt` and `namespace` of the service account. */
  readonly serviceAccountDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** One try of one target. */
export class Attempt {
  /** Aborts when the time of this try is over; the probe then releases everything. */
  readonly signal: AbortSignal;
  readonly surroundings: Surroundings;
  #waitedFor: Failure = failure('timeout', 'no answer');
  #whole: Attempt | undefined;

  constructor(signal: AbortSignal, surroundings: Surroundings) {
    this.signal = signal;
    this.surroundings = surroundings;
  }

  /** Notes what the probe is waiting for, so that the reason is known if the time runs out now. */
  waitFor(reason: Reason, detail: string): void {
    this.#waitedFor = failure(reason, detail);
    this.#whole?.waitFor(reason, detail);
  }

  /** The same try for one of several servers: it ends early when the signal aborts. */
  until(signal: AbortSignal): Attempt {
    const part = new Attempt(AbortSignal.any([this.signal, signal]), this.surroundings);
    part.#whole = this;
    return part;
  }

  /** Failure of a try that was ended from outside, after its own `timeoutMs` or sooner. */
  interrupted(timeoutMs?: number): Failure {
    if (timeoutMs === undefined) return this.#waitedFor;
    const { reason, detail } = this.#waitedFor;
    return failure(
      reason,
      `${detail} within ${timeoutMs < 1000 ? `${timeoutMs}ms` : `${timeoutMs / 1000}s`}`,
    );
  }
}
