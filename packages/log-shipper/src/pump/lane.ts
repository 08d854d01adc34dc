import { FaultLog, type Logger } from '@pod-patterns/kit';
import type { BatchLimits } from '../batch/batch.ts';
import type { StateFile } from '../checkpoint/state-file.ts';
import type { Outcome, Records, Sink } from '../sinks/sink.ts';
import { lagOf } from '../status/lag.ts';
import type { Metrics } from '../status/metrics.ts';
import { Rate } from '../status/rate.ts';
import type { Catalog } from '../tail/catalog.ts';
import type { Problems } from '../tail/problems.ts';
import { Courier } from './courier.ts';
import type { DeadLetter } from './dead-letter.ts';
import { type DeliveryEvents, deliver } from './deliver.ts';
import { type FileBatch, LineSource } from './line-source.ts';
import type { Pause } from './pause.ts';
import type { Way } from './way.ts';

/** Dependencies of a lane. Lanes may share all of them except the ways of files. */
export interface LaneOptions {
  /** How a file's lines become records; undefined if they do not go to this sink. */
  readonly wayOf: (file: string) => Way | undefined;
  readonly catalog: Catalog;
  readonly state: StateFile;
  readonly deadLetter: DeadLetter;
  readonly metrics: Metrics;
  readonly problems: Problems;
  readonly log: Logger;
  readonly limits: BatchLimits;
  readonly maxLine: number;
  readonly partialTimeoutMs: number;
  readonly multilineTimeoutMs: number;
  /** The content of a file has changed. */
  readonly onSuspect: () => void;
  readonly pause: Pause;
  /** Aborts when no time is left to deliver anything. */
  readonly cut: AbortSignal;
  /** Milliseconds of the monotonic clock. */
  readonly now: () => number;
}

/** Everything between the files and one sink: its own pace, faults, and position in each file. */
export class Lane {
  readonly sink: Sink;
  readonly records: Rate;
  readonly courier: Courier;
  /** Current fault of the sink, in one line. */
  trouble: string | undefined;
  readonly #options: LaneOptions;
  readonly #fault: FaultLog;
  readonly #refusals: FaultLog;
  #refusedCount = 0;

  constructor(sink: Sink, options: LaneOptions) {
    this.sink = sink;
    this.#options = options;
    this.#fault = new FaultLog(options.log, 'sink', options.now);
    this.#refusals = new FaultLog(options.log, 'record delivery', options.now);
    this.records = new Rate(options.now);
    const { catalog, metrics, problems } = options;
    const source = new LineSource({
      generations: catalog.generations,
      sink: sink.name,
      wayOf: options.wayOf,
      maxLine: options.maxLine,
      partialTimeoutMs: options.partialTimeoutMs,
      multilineTimeoutMs: options.multilineTimeoutMs,
      now: options.now,
      onSuspect: options.onSuspect,
      onProblem: (path, error) => problems.failed(path, error),
      onSkipped: (bytes) => metrics.skippedBytes.inc(bytes),
    });
    this.courier = new Courier({
      source,
      limits: options.limits,
      now: options.now,
      deliver: (batch) => this.#deliver(batch),
      commit: (batch) => this.#commit(batch),
    });
  }

  async #deliver(batch: FileBatch): Promise<void> {
    const { deadLetter, cut, pause } = this.#options;
    const refusedBefore = this.#refusedCount;
    await deliver(batch, {
      sink: this.sink,
      deadLetter: (record) => deadLetter.write(record),
      events: this.#events,
      pause,
      signal: cut,
    });
    if (this.#refusedCount === refusedBefore) this.#refusals.recovered({ sink: this.sink.name });
  }

  /** Moves the positions: a restart continues after this batch. */
  #commit(batch: FileBatch): Promise<void> {
    const { catalog, metrics, state } = this.#options;
    const { name } = this.sink;
    const moves = new Map();
    const nowMs = Date.now();
    for (const [generation, position] of batch.marks) {
      const { seconds } = lagOf(generation, name, nowMs);
      metrics.deliverySeconds.observe({ sink: name }, seconds);
      generation.positions.set(name, position);
      generation.growth.forget(catalog.shippedBytes(generation));
      moves.set(generation.seq, position);
    }
    metrics.bytes.inc(batch.sourceBytes);
    return state.record(name, moves);
  }

  readonly #events: DeliveryEvents = {
    accepted: ({ count }) => {
      this.records.add(count);
      this.#options.metrics.records.inc({ sink: this.sink.name }, count);
      this.#recovered();
    },
    retrying: (outcome, records) => this.#retrying(outcome, records),
    refused: (reason, detail) => {
      const { metrics } = this.#options;
      metrics.deadLetters.inc({ reason });
      metrics.errors.inc({ sink: this.sink.name, reason });
      this.#refusedCount++;
      this.#refusals.failed(detail, { sink: this.sink.name });
      this.#recovered(); // it answers
    },
  };

  #retrying(outcome: Extract<Outcome, { kind: 'retry' }>, { count }: Records): void {
    const { reason, detail, mayHaveArrived, afterMs } = outcome;
    const { metrics } = this.#options;
    const { name } = this.sink;
    metrics.errors.inc({ sink: name, reason });
    metrics.retries.inc({ sink: name, reason });
    if (mayHaveArrived) metrics.duplicatesPossible.inc(count);
    if (afterMs === 0) return;
    this.trouble = detail;
    this.#fault.failed(detail, { sink: name });
  }

  #recovered(): void {
    this.trouble = undefined;
    this.#fault.recovered({ sink: this.sink.name });
  }
}
