import type { Logger } from '@pod-patterns/kit';
import type { UnreadTime } from './record-writer.ts';

/** Rotation can make any number of new names. */
const mostFiles = 1000;

/** Logs once per file that its lines have times of an unknown format. */
export class UnreadTimes {
  readonly #log: Logger;
  readonly #files = new Set<string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  note({ file, field, value }: UnreadTime): void {
    if (this.#files.size >= mostFiles || this.#files.has(file)) return;
    this.#files.add(file);
    this.#log.warn('unknown time format', {
      ...{ file, field, value: value() },
      consequence: 'these records get the time at which they were read; set --time-format to parse theirs',
    });
  }
}
