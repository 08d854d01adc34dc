import { type FSWatcher, watch } from 'node:fs';

/** Something has happened to a name in a folder: it came, went or moved, or was only written to. */
export type FolderEvent = 'names' | 'content';

/**
 * Waits for the first thing that happens in some folders, then lets go: a busy file would otherwise wake us
 * at each write. Events are a hint that saves waiting: not all file systems have them, and they can be lost.
 */
export class FolderWatch implements Disposable {
  readonly #onEvent: (event: FolderEvent) => void;
  #watchers: FSWatcher[] = [];

  constructor(onEvent: (event: FolderEvent) => void) {
    this.#onEvent = onEvent;
  }

  arm(folders: Iterable<string>): void {
    this.disarm();
    for (const folder of folders) {
      try {
        const watcher = watch(folder, { persistent: false }, (event) => {
          this.disarm();
          this.#onEvent(event === 'change' ? 'content' : 'names');
        });
        watcher.on('error', () => this.disarm());
        this.#watchers.push(watcher);
      } catch {
        // no more watches to be had, or no such folder: the regular look finds what there is
      }
    }
  }

  disarm(): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }

  [Symbol.dispose](): void {
    this.disarm();
  }
}
