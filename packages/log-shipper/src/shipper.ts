import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@pod-patterns/kit';
import type { StateFile } from './checkpoint/state-file.ts';
import type { Lane } from './pump/lane.ts';
import { lagOf } from './status/lag.ts';
import type { Catalog } from './tail/catalog.ts';
import type { Tailer } from './tail/tailer.ts';

export interface ShipperOptions {
  readonly catalog: Catalog;
  readonly tailer: Tailer;
  readonly state: StateFile;
  readonly lanes: readonly Lane[];
  readonly log: Logger;
  readonly cut: AbortSignal;
  /** Milliseconds of the monotonic clock. */
  readonly now: () => number;
  /** A lane or the tailer has failed for good. */
  readonly onFault: (error: unknown) => void;
}

/** During a stop, a file that has not grown for this long counts as finished. */
const quietMs = 300;
const lookMs = 20;

/** Runs the tailer and the lanes. Disposal drains: everything in the files is shipped, or logged as unshipped. */
export class Shipper implements AsyncDisposable {
  readonly #options: ShipperOptions;
  readonly #tailing: Promise<void>;
  readonly #carrying: Promise<unknown>;

  constructor(options: ShipperOptions) {
    this.#options = options;
    const { lanes, tailer, onFault, cut } = options;
    this.#tailing = tailer.run();
    this.#carrying = Promise.all(lanes.map(({ courier }) => courier.run()));
    this.#tailing.catch(onFault);
    this.#carrying.catch((error: unknown) => {
      if (!cut.aborted) onFault(error);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { tailer, lanes, catalog, state, cut } = this.#options;
    await this.#untilAtRest();
    tailer.stop();
    await this.#tailing;
    if (!cut.aborted) await tailer.scan();
    catalog.releaseTwins();
    for (const { courier } of lanes) courier.finish();
    await this.#carrying.catch((error: unknown) => {
      if (!cut.aborted) throw error;
    });
    this.#tellWhatIsLeft();
    await state.close({ isHurried: cut.aborted });
  }

  /** Resolves when the files have stopped growing and are delivered, or when time is up. */
  async #untilAtRest(): Promise<void> {
    const { tailer, lanes, now, cut } = this.#options;
    const stoppedAtMs = now();
    tailer.isDraining = true;
    tailer.wake();
    const isQuiet = () => now() - Math.max(stoppedAtMs, tailer.grewAtMs) >= quietMs;
    while (!cut.aborted && !isQuiet()) await delay(lookMs);
    // a lane that waits for its sink must not keep the others from their last lines
    for (const { courier } of lanes) courier.flush();
    // an app may write more when it sees a delivery
    const isDone = () => isQuiet() && lanes.every(({ courier }) => courier.isCaughtUp);
    const wasLookedAfter = () => lanes.every(({ courier }) => courier.deliveredAtMs < tailer.lookedFromMs);
    while (!cut.aborted && !(isDone() && wasLookedAfter())) {
      if (isDone()) tailer.wake();
      await delay(lookMs);
    }
  }

  #tellWhatIsLeft(): void {
    const { lanes, catalog, log } = this.#options;
    for (const { sink } of lanes) {
      const left: Record<string, number> = {};
      for (const generation of catalog.generations) {
        const { bytes } = lagOf(generation, sink.name, Date.now());
        if (bytes > 0) left[generation.file] = (left[generation.file] ?? 0) + bytes;
      }
      if (Object.keys(left).length > 0)
        log.warn('stopped with unshipped data', { sink: sink.name, bytes: left });
    }
  }
}
