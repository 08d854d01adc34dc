import { describeError, type Logger, systemCode } from '@pod-patterns/kit';
import { isRefusal } from './refusal.ts';

/** Current problems of files and folders, including refusals. Each is logged once when it begins and once when it ends. */
export class Problems {
  /** The system's code (`EACCES`), or the reason of a refusal (`link_outside`), by path. */
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

  /** Logs once per pattern that no file matches it: it may have a mistake. */
  unmatched(patterns: readonly string[]): void {
    for (const pattern of patterns) {
      if (!this.#unmatched.has(pattern)) this.#log.info('no file matches yet', { pattern });
      this.#unmatched.add(pattern);
    }
  }

  /** Applies the problems of a scan; all others have ended. */
  listed(problems: ReadonlyMap<string, unknown>, isStillOpen: (path: string) => boolean): void {
    for (const path of [...this.current.keys()]) {
      if (!problems.has(path) && !isStillOpen(path)) this.solved(path);
    }
    for (const [path, error] of problems) this.failed(path, error);
  }
}
