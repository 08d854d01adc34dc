import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, FaultLog, type Logger, systemCode } from '@pod-patterns/kit';
import {
  type CheckpointFile,
  decodeCheckpoint,
  encodeFiles,
  encodeMoves,
  encodeSnapshot,
  type Moves,
} from './checkpoint.ts';

export interface StateFileOptions {
  readonly folder: string;
  readonly log: Logger;
  readonly onError: (reason: string) => void;
  /** The files whose number is not in `known`. */
  readonly files: (known: ReadonlySet<number>) => readonly CheckpointFile[];
  /** Counts of added and of altered files. An altered file requires a new snapshot. */
  readonly changes: () => { readonly added: number; readonly altered: number };
  /** Milliseconds of the monotonic clock. */
  readonly now: () => number;
}

/** A new snapshot is due after this many appended bytes, or after as many as the snapshot has. */
const mostAppendedBytes = 256 * 1024;
/** How long appended moves may stay in the page cache. They survive a crash of the shipper there. */
const syncMs = 1000;
/** Wait before the disk is tried again after a failure. */
const retryMs = 1000;

/**
 * Keeps the checkpoint on disk. A snapshot replaces the file atomically (temporary file, fsync, rename, fsync of the
 * folder); moves are appended before the next batch leaves. If the disk fails, shipping continues, and a restart would
 * repeat what was shipped since.
 */
export class StateFile {
  readonly #options: StateFileOptions;
  readonly #fault: FaultLog;
  readonly #path: string;
  #handle: FileHandle | undefined;
  #length = 0;
  #snapshotLength = 0;
  /** A checkpoint existed but could not be read: the positions in files are unknown. */
  hasForgotten = false;
  /** Numbers of the files on disk. */
  readonly #written = new Set<number>();
  #added = -1;
  #altered = -1;
  #retryAtMs = 0;
  #syncTimer: NodeJS.Timeout | undefined;
  /** The pending write of new files. */
  #noting: Promise<void> | undefined;
  /** Serializes all writes. */
  #queue: Promise<void> = Promise.resolve();

  constructor(options: StateFileOptions) {
    this.#options = options;
    this.#fault = new FaultLog(options.log, 'checkpoint', options.now);
    this.#path = join(options.folder, 'checkpoint');
  }

  get isFailing(): boolean {
    return this.#fault.isFailing;
  }

  /** Loads the checkpoint. An unreadable one is set aside, and files are read again: lines repeat, but none is lost. */
  async load(): Promise<readonly CheckpointFile[]> {
    const { log, onError, folder } = this.#options;
    try {
      await mkdir(folder, { recursive: true });
      const decoded = decodeCheckpoint(await readFile(this.#path, 'utf8'));
      if (decoded.ok) return decoded.files;
      this.hasForgotten = true;
      onError('checkpoint_corrupt');
      const aside = `${this.#path}.corrupt-${new Date().toISOString().replace(/[:.]/g, '-')}`;
      log.error('checkpoint unreadable, reading all files again', { reason: decoded.reason, aside });
      await rename(this.#path, aside);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') {
        this.hasForgotten = true;
        this.#failed(error);
      }
    }
    return [];
  }

  /** Records new positions of a sink. Never throws. */
  record(sink: string, moves: Moves): Promise<void> {
    return this.#enqueue(async () => {
      const isNew = [...moves.keys()].some((seq) => !this.#written.has(seq));
      await this.#append(encodeMoves(sink, moves), isNew);
    });
  }

  /** Records the files found since the last call. Never throws. */
  noteFiles(): Promise<void> {
    const { added, altered } = this.#options.changes();
    if (this.#added === added && this.#altered === altered) return Promise.resolve();
    this.#noting ??= this.#enqueue(() => this.#append('', true)).finally(() => {
      this.#noting = undefined;
    });
    return this.#noting;
  }

  /** Writes a last snapshot, unless the stop is hurried. */
  async close({ isHurried }: { isHurried: boolean }): Promise<void> {
    clearTimeout(this.#syncTimer);
    if (!isHurried) {
      this.#retryAtMs = 0;
      await this.#enqueue(() => this.#writeSnapshot());
    }
    await this.#queue;
    await this.#close();
  }

  #enqueue(write: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(async () => {
      if (this.#options.now() < this.#retryAtMs) return;
      try {
        await write();
        this.#fault.recovered();
      } catch (error) {
        // a reader stops at a torn line: the next write has to be a snapshot
        this.#failed(error);
        await this.#close();
      }
    });
    return this.#queue;
  }

  #failed(error: unknown): void {
    this.#retryAtMs = this.#options.now() + retryMs;
    this.#options.onError('checkpoint_write');
    this.#fault.failed(describeError(error), {
      folder: this.#options.folder,
      consequence: 'shipping continues; after a restart, records shipped since then are sent again',
    });
  }

  /** Appends a line, after a line with the new files if there are any; or writes a snapshot, which has both. */
  async #append(line: string, hasNewFiles: boolean): Promise<void> {
    const { files, changes } = this.#options;
    const { added, altered } = changes();
    const fresh = hasNewFiles || added !== this.#added ? files(this.#written) : [];
    const text = fresh.length === 0 ? line : encodeFiles(fresh) + line;
    const appended = this.#length + text.length - this.#snapshotLength;
    const isLong = appended > Math.max(mostAppendedBytes, this.#snapshotLength);
    if (this.#handle === undefined || isLong || altered !== this.#altered) return this.#writeSnapshot();
    const { bytesWritten } = await this.#handle.write(text, this.#length);
    this.#length += bytesWritten;
    if (bytesWritten !== Buffer.byteLength(text)) throw new Error('short write to the checkpoint');
    for (const { seq } of fresh) this.#written.add(seq);
    this.#added = added;
    this.#syncTimer ??= setTimeout(() => this.#sync(), syncMs).unref();
  }

  async #writeSnapshot(): Promise<void> {
    const { folder, files, changes } = this.#options;
    const temporary = `${this.#path}.tmp`;
    const { added, altered } = changes();
    const all = files(new Set());
    const text = encodeSnapshot(all);
    await mkdir(folder, { recursive: true });
    // always create it: an existing file of this name may be a link to another file
    await rm(temporary, { force: true });
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
      await rename(temporary, this.#path);
      await syncFolder(folder);
    } catch (error) {
      await handle.close();
      throw error;
    }
    await this.#close();
    this.#handle = handle;
    this.#length = Buffer.byteLength(text);
    this.#snapshotLength = this.#length;
    this.#added = added;
    this.#altered = altered;
    this.#written.clear();
    for (const { seq } of all) this.#written.add(seq);
  }

  #sync(): void {
    this.#syncTimer = undefined;
    void this.#enqueue(async () => this.#handle?.datasync());
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
