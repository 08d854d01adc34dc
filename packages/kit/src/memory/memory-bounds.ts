import { totalmem } from 'node:os';
import { Gauge, type Registry } from 'prom-client';
import type { Logger } from '../logging/logger.ts';
import { type BoundRule, containerMemory, settleBound } from './settle-bound.ts';

export interface MemoryBoundsOptions {
  /** The program's, with which its metrics begin. */
  readonly name: string;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly metrics: Registry;
  /** Memory limit of the container, from the kernel. */
  readonly limitBytes?: number | undefined;
}

/** Bounds of a service that depend on its container's memory: each is settled once, logged, and exposed as a metric. */
export class MemoryBounds {
  readonly #options: MemoryBoundsOptions;
  readonly #limitBytes: number | undefined;
  readonly #gauge: Gauge<'option'>;

  constructor(options: MemoryBoundsOptions) {
    this.#options = options;
    this.#limitBytes =
      options.limitBytes ??
      containerMemory({ constrainedBytes: process.constrainedMemory(), machineBytes: totalmem() });
    this.#gauge = new Gauge({
      name: `${options.name.replaceAll('-', '_')}_limit`,
      help: 'Bounds by option; without one they come from the memory of the container.',
      labelNames: ['option'],
      registers: [options.metrics],
    });
  }

  /** The bound that holds for this option. */
  settle(option: string, rule: BoundRule): number {
    const { log } = this.#options;
    const { value, from, isTooLarge } = settleBound(rule, this.#limitBytes);
    const containerBytes = this.#limitBytes;
    if (isTooLarge) log.warn(`--${option} exceeds the memory of the container`, { value, containerBytes });
    else log.info(`limit of --${option}`, { value, from, containerBytes });
    this.#gauge.set({ option }, value);
    return value;
  }
}
