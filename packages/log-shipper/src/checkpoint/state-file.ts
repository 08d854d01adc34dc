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
  /** The files whose number is not among these. */
  readonly files: (known: ReadonlySet<number>) => readonly CheckpointFile[];
  /** How many files were added so far, and how many were altered: those make a new snapshot due. */
  readonly changes: () => { readonly added: number; readonly altered: number };
  /** Milliseconds of the monotonic clock. */
  readonly now: () => number;
}

/** When this much was appended, or as much as the snapshot has, a new snapshot is due. */
const mostAppendedBytes = 256 * 1024;
/** How long moves may stay in the system's memory; a crash of ours does not need the disk. */
const syncMs = 1000;
/** How long after a failure the disk is tried again. */
const retryMs = 1000;

/**
 * Keeps the checkpoint on disk. A snapshot replaces the file in one step (temporary file, fsync, rename, fsync
 * of the folder); moves are appended before the next batch leaves. When the disk does not play along,
 * shipping goes on: what is lost is that a restart would repeat what was shipped since.
 */
export class StateFile {
  readonly #options: StateFileOptions;
  readonly #fault: FaultLog;
  readonly #path: string;
  #handle: FileHandle | undefined;
  #length = 0;
  #snapshotLength = 0;
  /** There was a checkpoint that could not be read: how far files were shipped is not known. */
  hasForgotten = false;
  /** State on disk: files, and number of changes. */
  readonly #written = new Set<number>();
  #added = -1;
  #altered = -1;
  #retryAtMs = 0;
  #syncTimer: NodeJS.Timeout | undefined;
  /** New files that are being written down. */
  #noting: Promise<void> | undefined;
  /** One thing at a time. */
  #queue: Promise<void> = Promise.resolve();

  constructor(options: StateFileOptions) {
    this.#options = options;
    this.#fault = new FaultLog(options.log, 'checkpoint', options.now);
    this.#path = join(options.folder, 'checkpoint');
  }

  get isFailing(): boolean {
    return this.#fault.isFailing;
  }

  /** Loads the checkpoint. An unreadable one is set aside: reading starts again, which repeats and loses nothing. */
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

  /** Notes that a sink has moved. Never throws. */
  record(sink: string, moves: Moves): Promise<void> {
    return this.#enqueue(async () => {
      const isNew = [...moves.keys()].some((seq) => !this.#written.has(seq));
      await this.#append(encodeMoves(sink, moves), isNew);
    });
  }

  /** Writes down the files that are new since the last time. Never throws. */
  noteFiles(): Promise<void> {
    const { added, altered } = this.#options.changes();
    if (this.#added === added && this.#altered === altered) return Promise.resolve();
    this.#noting ??= this.#enqueue(() => this.#append('', true)).finally(() => {
      this.#noting = undefined;
    });
    return this.#noting;
  }

  /** Writes everything a last time; without time for that, the last write has to do. */
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

  /** Appends a line, with the new files before it if there are any; or makes a snapshot, which holds both. */
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
    // create it: an existing file of this name may be a link to somewhere else
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
