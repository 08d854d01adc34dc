import type { Clock } from '../schedule/clock.ts';
import type { Progress } from '../schedule/progress.ts';
import type { Ended } from '../schedule/wait.ts';
import type { Wanted } from '../target/target.ts';
import { entriesOf, entryOf } from './entry.ts';
import { jsonLine, jsonSummary } from './json.ts';
import { maxTerminationBytes, truncate } from './termination-log.ts';
import { textLine, textSummary } from './text.ts';

/** How and where it is reported. */
export interface ReporterOptions {
  readonly format: 'text' | 'json';
  /** Say nothing before the end. */
  readonly isQuiet: boolean;
  readonly clock: Clock;
  /** Takes one line, which may have further, indented ones. */
  readonly write: (line: string) => void;
}

const repeatMs = 30_000;

/** Says what changes, and every half minute what it is still waiting for. */
export class Reporter implements Disposable {
  readonly #options: ReporterOptions;
  readonly #waiting = new Map<Wanted, { readonly reason: string; readonly progress: Progress }>();
  #cancel: () => void = () => {};

  constructor(options: ReporterOptions) {
    this.#options = options;
    if (!options.isQuiet) this.#repeat();
  }

  /** Takes note of a try; says so only when the reason is another than before. */
  changed(wanted: Wanted, progress: Progress): void {
    const reason = `${progress.state} ${progress.failure?.reason} ${progress.failure?.httpStatus ?? ''}`;
    const isNew = this.#waiting.get(wanted)?.reason !== reason;
    if (progress.state === 'waiting') this.#waiting.set(wanted, { reason, progress });
    else this.#waiting.delete(wanted);
    if (isNew && !this.#options.isQuiet) this.#say(wanted, progress);
  }

  /** Says the last line and returns it, cut to what a termination log holds. */
  summary(ended: Ended): string {
    const entries = entriesOf(ended);
    const { format, write } = this.#options;
    const line = format === 'json' ? jsonSummary(ended, entries) : textSummary(ended, entries);
    write(line);
    if (format === 'text') return truncate(line, maxTerminationBytes);
    const isShort = Buffer.byteLength(line) <= maxTerminationBytes;
    return isShort ? line : jsonSummary(ended, entries, maxTerminationBytes);
  }

  #say(wanted: Wanted, progress: Progress): void {
    const entry = entryOf(wanted, progress);
    this.#options.write(this.#options.format === 'json' ? jsonLine(entry) : textLine(entry));
  }

  #repeat(): void {
    const { clock } = this.#options;
    this.#cancel = clock.after(repeatMs, () => {
      for (const [wanted, { progress }] of this.#waiting) this.#say(wanted, progress);
      this.#repeat();
    });
  }

  [Symbol.dispose](): void {
    this.#cancel();
  }
}

/** The end of the whole as one line of JSON, with every target. */
export function report(ended: Ended): string {
  return `${jsonSummary(ended, entriesOf(ended))}\n`;
}
