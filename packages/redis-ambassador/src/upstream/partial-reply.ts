import type { ReplyScanner } from '../resp/reply-scanner.ts';
import type { InFlight, Run } from './in-flight.ts';

/**
 * What happens to the beginning of a reply. It is passed on when its rest will come over the same link, held back
 * as long as it may turn out to be large, and diverted when it is: then it is asked for again elsewhere.
 */
export type Fate = 'passed-on' | 'held-back' | 'diverted';

/**
 * Watches the size of a reply that has begun on a shared link. The link must not wait for a client that reads
 * slowly, so a large reply is delivered over a link of the client's own, if it can be asked for again.
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

  /** The reply has ended. */
  end(): void {
    this.#bytes = 0;
    this.#isPassedOn = false;
  }

  /** More of it has come, the oldest run's. */
  grow(bytes: number, run: Run): Fate {
    this.#bytes += bytes;
    if (this.#isPassedOn) return 'passed-on';
    const fate = this.#fateOf(run);
    this.#isPassedOn = fate === 'passed-on';
    return fate;
  }

  #fateOf({ target, isRepeatable }: Run): Fate {
    // where replies come from several links, what has come of others would have to be asked again as well
    if (target === undefined || target.recipient !== undefined || !isRepeatable) return 'passed-on';
    const { missingBytes, isInLastValue } = this.#scanner;
    if (this.#bytes + missingBytes <= this.#largeBytes) return isInLastValue ? 'passed-on' : 'held-back';
    // replies keep their order, so what the client has asked after it has to be asked again as well
    return this.#inFlight.canRepeat(target) ? 'diverted' : 'passed-on';
  }
}
