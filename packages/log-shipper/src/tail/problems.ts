import { describeError, type Logger, systemCode } from '@pod-patterns/kit';

/** What is wrong with files and folders right now: said once when it begins and once when it is over. */
export class Problems {
  /** The system's word for it (`EACCES`), by path. */
  readonly current = new Map<string, string>();
  readonly #log: Logger;
  readonly #count: (reason: string) => void;

  constructor(log: Logger, count: (reason: string) => void) {
    this.#log = log;
    this.#count = count;
  }

  failed(path: string, error: unknown): void {
    const code = systemCode(error) ?? 'unknown';
    if (this.current.get(path) === code) return;
    this.current.set(path, code);
    this.#count(code);
    this.#log.warn('cannot read', { path, reason: describeError(error) });
  }

  solved(path: string): void {
    if (this.current.delete(path)) this.#log.info('can read again', { path });
  }

  /** Takes over what a look at the disk has found; what it does not mention is over. */
  listed(problems: ReadonlyMap<string, string>, isStillOpen: (path: string) => boolean): void {
    for (const path of [...this.current.keys()]) {
      if (!problems.has(path) && !isStillOpen(path)) this.solved(path);
    }
    for (const [path, code] of problems) this.failed(path, Object.assign(new Error(code), { code }));
  }
}
