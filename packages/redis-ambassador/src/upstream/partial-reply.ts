import type { ReplyScanner } from '../resp/reply-scanner.ts';
import type { InFlight, Run } from './in-flight.ts';

/**
 * Fate of the beginning of a reply. It is passed on if its rest will come over the same link, held back
 * while it may turn out to be large, and diverted if it is: then the request is retried over another link.
 */
export type Fate = 'passed-on' | 'held-back' | 'diverted';

/**
 * Watches the size of a reply that has begun on a shared link. The link must not wait for a client that reads
 * slowly, so a large reply is delivered over a dedicated link, if its request can be retried.
 */
export class PartialReply {
  readonly #largeBytes: number;
  readonly #scanner: ReplyScanner;
  readonly #inFlight: InFlight;
  #bytes = 0;
  #isPassedOn = false;

  constructor(largeBytes: number, scanner: ReplyScanner, inFlight: InFlight) {
    this.#largeBytes = largeBytes;
    this.#scanner = scanner;
    this.#inFlight = inFlight;
  }

  /** Ends the current reply. */
  end(): void {
    this.#bytes = 0;
    this.#isPassedOn = false;
  }

  /** Decides after more bytes of the oldest run's reply. */
  grow(bytes: number, run: Run): Fate {
    this.#bytes += bytes;
    if (this.#isPassedOn) return 'passed-on';
    const fate = this.#fateOf(run);
    this.#isPassedOn = fate === 'passed-on';
    return fate;
  }

  #fateOf({ target, isRepeatable }: Run): Fate {
    // with several links, received replies of others would have to be retried too
    if (target === undefined || target.recipient !== undefined || !isRepeatable) return 'passed-on';
    const { missingBytes, isInLastValue } = this.#scanner;
    if (this.#bytes + missingBytes <= this.#largeBytes) return isInLastValue ? 'passed-on' : 'held-back';
    // replies keep their order, so the client's later requests must be retried too
    return this.#inFlight.canRepeat(target) ? 'diverted' : 'passed-on';
  }
}
