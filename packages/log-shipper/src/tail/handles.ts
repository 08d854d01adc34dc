import { readFileSync } from 'node:fs';
import { systemCode } from '@pod-patterns/kit';
import { headLength } from './content.ts';
import type { Fence } from './fence.ts';
import type { FileFacts } from './file-facts.ts';
import { type HandleKeeper, LogFile, type OpenedHandle } from './log-file.ts';

/** A file with its facts at the moment of opening. */
export interface Opened {
  readonly source: LogFile;
  readonly facts: FileFacts;
  /** Its first bytes. */
  readonly head: Buffer;
}

export interface HandlesOptions {
  /** Files that may be opened. */
  readonly fence: Fence;
  /** How many files may be open at once. */
  readonly most: number;
  /** Called when files have to take turns. */
  readonly onScarce: () => void;
}

/** Number of handles to give back when the system has none left. */
const freedAtOnce = 16;

/** Opens log files and keeps a limited number open: the least recently used gives its handle back. */
export class Handles implements HandleKeeper {
  readonly #options: HandlesOptions;
  /** Open files, the least recently used first. */
  readonly #open = new Set<LogFile>();
  #isScarce = false;

  constructor(options: HandlesOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#open.size;
  }

  /** Opens a log file; `file` is the name by which its pattern finds it. @throws a refusal, or the system's error */
  async open(path: string, file: string): Promise<Opened> {
    const opened = await this.openHandle(path, file);
    const source = new LogFile(opened, file, this);
    this.used(source);
    try {
      const { facts } = opened;
      return { source, facts, head: await source.range(0, Math.min(headLength, facts.size)) };
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  /** As `open`, for a file that is known. */
  async openHandle(path: string, file: string): Promise<OpenedHandle> {
    const { fence, most } = this.#options;
    if (this.#open.size >= most) await this.#free(1);
    try {
      return await fence.open(path, file);
    } catch (error) {
      if (!['EMFILE', 'ENFILE'].includes(systemCode(error) ?? '')) throw error;
      await this.#free(freedAtOnce);
      return await fence.open(path, file);
    }
  }

  used(source: LogFile): void {
    this.#open.delete(source);
    this.#open.add(source);
  }

  forget(source: LogFile): void {
    this.#open.delete(source);
  }

  async #free(count: number): Promise<void> {
    if (!this.#isScarce) this.#options.onScarce();
    this.#isScarce = true;
    let freed = 0;
    for (const source of [...this.#open]) {
      if (freed >= count) return;
      if (await source.giveBack()) freed++;
    }
  }
}

/** More would not be faster. */
const mostHandles = 1024;

/** Number of files that may be open at once: half of the system's limit; connections and the checkpoint need the rest. */
export function handleLimit(limits: () => string = () => readFileSync('/proc/self/limits', 'utf8')): number {
  let allowed = Number.NaN;
  try {
    allowed = Number(/^Max open files\s+(\d+)/m.exec(limits())?.[1]);
  } catch {
    // not Linux
  }
  return Number.isNaN(allowed) ? mostHandles : Math.max(8, Math.min(mostHandles, allowed >> 1));
}
