import { closeSync, copyFileSync, openSync, renameSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { line } from './lines.ts';

export const rotations = ['rename', 'copytruncate', 'copy in place'] as const;
export type Rotation = (typeof rotations)[number];

/** Number of rotated files to keep, besides those not shipped yet. */
const keptFiles = 3;
/** File times give the order of generations, and their clock has coarse ticks. */
const clockTickMs = 20;

/** An app that writes numbered lines to one log file and rotates it now and then, until `stop`. */
export class ChaosLog {
  readonly path: string;
  readonly rotation: Rotation;
  written = 0;
  /** False until the shipper has seen the file: it cannot find a file that was rotated away before. */
  rotates = false;
  rotated = 0;
  readonly #random: () => number;
  readonly #isShipped: (id: number) => boolean;
  #file: number;
  #isStopped = false;
  #holding: PromiseWithResolvers<void> | undefined;
  #held = Promise.withResolvers<void>();
  /** The last line of each rotated file, newest first. */
  readonly #lasts: number[] = [];
  readonly #done: Promise<void>;

  constructor(
    path: string,
    rotation: Rotation,
    { random, isShipped }: { random: () => number; isShipped: (id: number) => boolean },
  ) {
    this.path = path;
    this.rotation = rotation;
    this.#random = random;
    this.#isShipped = isShipped;
    this.#file = openSync(path, 'a');
    this.#done = this.#run();
  }

  /** Pauses writing after a whole line until the result is disposed. */
  async hold(): Promise<Disposable> {
    this.#holding = Promise.withResolvers();
    await this.#held.promise;
    return {
      [Symbol.dispose]: () => {
        this.#holding?.resolve();
        this.#holding = undefined;
        this.#held = Promise.withResolvers();
      },
    };
  }

  stop(): Promise<void> {
    this.#isStopped = true;
    return this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      const count = Math.floor(this.#random() * 40);
      for (let index = 0; index < count; index++) await this.#writeLine();
      if (this.rotates && this.#random() < 0.02) {
        await delay(clockTickMs);
        this.#rotate();
        await delay(clockTickMs);
      }
      await delay(this.#random() * 20);
      if (this.#holding === undefined) continue;
      this.#held.resolve();
      await this.#holding.promise;
    }
    closeSync(this.#file);
  }

  /** Sometimes writes in two steps, so that a reader sees half a line. */
  async #writeLine(): Promise<void> {
    const text = Buffer.from(`${line(this.written++)}\n`);
    const cut = this.#random() < 0.05 ? Math.floor(this.#random() * text.length) : 0;
    if (cut > 0) writeSync(this.#file, text.subarray(0, cut));
    if (cut > 0 && this.#random() < 0.2) await delay(3);
    writeSync(this.#file, text.subarray(cut));
  }

  #rotate(): void {
    const isInPlace = this.rotation === 'copy in place';
    // the next copy overwrites the one before it
    if (isInPlace && !this.#isShipped(this.#lasts[0] ?? -1)) return;
    this.rotated++;
    while (this.#lasts.length > keptFiles && this.#isShipped(this.#lasts.at(-1) ?? 0)) {
      rmSync(this.#name(this.#lasts.length));
      this.#lasts.pop();
    }
    for (let number = this.#lasts.length; number > 0 && !isInPlace; number--) {
      renameSync(this.#name(number), this.#name(number + 1));
    }
    if (isInPlace) this.#lasts.length = 0;
    this.#lasts.unshift(this.written - 1);
    if (this.rotation === 'rename') {
      renameSync(this.path, this.#name(1));
      closeSync(this.#file);
      this.#file = openSync(this.path, 'a');
    } else {
      copyFileSync(this.path, this.#name(1));
      truncateSync(this.path);
    }
  }

  #name(number: number): string {
    return `${this.path}.${number}`;
  }
}
