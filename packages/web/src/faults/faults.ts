import { setTimeout as delay } from 'node:timers/promises';
import type { Logger, Readiness } from '@pod-patterns/kit';
import type { Handler } from '../http/exchange.ts';
import { HttpProblem } from '../http/problem.ts';
import type { LogFiles } from '../logs/log-files.ts';
import type { FaultSettings } from './settings.ts';

export interface FaultParts {
  readonly log: Logger;
  /** Where a flood goes. */
  readonly logs: Pick<LogFiles, 'note'>;
  readonly readiness: Readiness;
  /** Ends all faults; a request that waits already goes on waiting, as a slow one would. */
  readonly stopping: AbortSignal;
  readonly random?: () => number;
}

const floodEveryMs = 100;

/** Makes this process fail on request, to test its surroundings. Exists only with `--faults`. */
export class Faults {
  readonly #parts: FaultParts;
  #settings: FaultSettings = {};
  #ballast: Buffer[] = [];
  #flooding: NodeJS.Timeout | undefined;

  constructor(parts: FaultParts) {
    this.#parts = parts;
    parts.stopping.addEventListener('abort', () => this.set({}), { once: true });
  }

  get settings(): FaultSettings {
    return this.#settings;
  }

  /** Memory taken so far. */
  get heldMiB(): number {
    return this.#ballast.length;
  }

  /** Replaces the faults set before; `{}` ends all. */
  set(settings: FaultSettings): void {
    const { log, readiness } = this.#parts;
    this.#settings = settings;
    log.warn('faults set', { ...settings });
    if (settings.unready) readiness.unready('faults', 'requested at /faults');
    else readiness.ready('faults');
    // filled, as memory that was never written to is not used
    this.#ballast = Array.from({ length: settings.memoryMiB ?? 0 }, () => Buffer.alloc(1024 * 1024, 1));
    clearInterval(this.#flooding);
    const lines = Math.ceil(((settings.logLinesPerSecond ?? 0) * floodEveryMs) / 1000);
    if (lines > 0) this.#flooding = setInterval(() => this.#flood(lines), floodEveryMs);
  }

  /** Delays and fails requests. */
  readonly middleware: Handler = async (_req, _res, next) => {
    const { delayMs = 0, status, ratio = 1 } = this.#settings;
    if ((delayMs > 0 || status !== undefined) && (this.#parts.random ?? Math.random)() < ratio) {
      await delay(delayMs);
      if (status !== undefined) throw new HttpProblem(status, 'requested at /faults', { code: 'fault' });
    }
    next();
  };

  /** Ends the process like an uncaught error. */
  crash(): void {
    setImmediate(() => {
      throw new Error('crash requested at /faults/crash');
    });
  }

  #flood(lines: number): void {
    for (let number = 0; number < lines; number++) {
      this.#parts.logs.note('flood', { number, of: lines });
    }
  }
}
