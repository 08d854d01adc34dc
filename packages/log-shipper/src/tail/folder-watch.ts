import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

/** An event in a folder. */
export interface FolderEvent {
  /** A name was added, removed or renamed; otherwise a file was written to. */
  readonly isAboutNames: boolean;
  /** Name of the changed entry, if the system reports it. */
  readonly path: string | undefined;
}

/**
 * Waits for the first event in some folders, then stops watching: a busy file would otherwise wake the process at each
 * write. Events only save waiting: some file systems have none, and they can be lost.
 */
export class FolderWatch implements Disposable {
  readonly #onEvent: (event: FolderEvent) => void;
  #watchers: FSWatcher[] = [];
  #folders = '';

  constructor(onEvent: (event: FolderEvent) => void) {
    this.#onEvent = onEvent;
  }

  get isArmed(): boolean {
    return this.#watchers.length > 0;
  }

  /** Starts watching; false if it does so already. */
  arm(folders: Iterable<string>): boolean {
    const names = [...folders];
    const wanted = names.join('\0');
    if (wanted === this.#folders && this.#watchers.length > 0) return false;
    this.disarm();
    this.#folders = wanted;
    for (const folder of names) {
      try {
        const watcher = watch(folder, { persistent: false }, (event, name) => {
          this.disarm();
          const path = name === null ? undefined : join(folder, name);
          this.#onEvent({ isAboutNames: event === 'rename' || path === undefined, path });
        });
        watcher.on('error', () => this.disarm());
        this.#watchers.push(watcher);
      } catch {
        // no watches left, or no such folder: the regular scan finds the files
      }
    }
    return true;
  }

  disarm(): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }

  [Symbol.dispose](): void {
    this.disarm();
  }
}
