import { describeError, type Logger, systemCode } from '@pod-patterns/kit';
import { isRefusal } from './refusal.ts';

/** What is wrong with files and folders right now, refusals among it: said once when it begins and once when it is over. */
export class Problems {
  /** The system's word for it (`EACCES`), or that of a refusal (`link_outside`), by path. */
  readonly current = new Map<string, string>();
  readonly #unmatched = new Set<string>();
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
    this.#log.warn(isRefusal(code) ? 'refused to read' : 'cannot read', {
      path,
      reason: describeError(error),
    });
  }

  solved(path: string): void {
    const wasRefused = isRefusal(this.current.get(path));
    if (!this.current.delete(path)) return;
    this.#log.info(wasRefused ? 'no longer refused' : 'readable again', { path });
  }

  /** An open file can be read; the present target of its name may still be refused. */
  solvedInFile(path: string): void {
    if (!isRefusal(this.current.get(path))) this.solved(path);
  }

  /** Says once of each pattern that no file matches it: there may be a mistake in it. */
  unmatched(patterns: readonly string[]): void {
    for (const pattern of patterns) {
      if (!this.#unmatched.has(pattern)) this.#log.info('no file matches yet', { pattern });
      this.#unmatched.add(pattern);
    }
  }

  /** Takes over the problems of a look at the disk; all others are over. */
  listed(problems: ReadonlyMap<string, unknown>, isStillOpen: (path: string) => boolean): void {
    for (const path of [...this.current.keys()]) {
      if (!problems.has(path) && !isStillOpen(path)) this.solved(path);
    }
    for (const [path, error] of problems) this.failed(path, error);
  }
}
