import { type FileHandle, stat } from 'node:fs/promises';
import { CodedError, systemCode } from '@pod-patterns/kit';
import type { Content } from './content.ts';
import { type FileFacts, factsOf } from './file-facts.ts';

/** An open file with its path, and its facts at the moment of opening. */
export interface OpenedHandle {
  readonly path: string;
  /** Path with all links resolved. */
  readonly realPath: string;
  readonly handle: FileHandle;
  readonly facts: FileFacts;
}

/** Opens files, and decides which ones stay open. */
export interface HandleKeeper {
  openHandle(path: string, file: string): Promise<OpenedHandle>;
  used(source: LogFile): void;
  forget(source: LogFile): void;
}

/**
 * One file, identified by its inode. It gives its handle back when others need it more, and reopens itself by its name. A
 * file without a name keeps its handle, because it cannot be reopened.
 */
export class LogFile {
  readonly inode: string;
  readonly realPath: string;
  /** Its last known path; a rotation changes it. */
  path: string;
  readonly #handles: HandleKeeper;
  /** The name by which its pattern found it. */
  readonly #file: string;
  #handle: FileHandle | undefined;
  #opening: Promise<FileHandle> | undefined;
  #users = 0;
  #isNameless = false;
  #isClosed = false;

  constructor({ path, realPath, handle, facts }: OpenedHandle, file: string, handles: HandleKeeper) {
    this.path = path;
    this.realPath = realPath;
    this.inode = facts.inode;
    this.#handle = handle;
    this.#file = file;
    this.#handles = handles;
  }

  get isOpen(): boolean {
    return this.#handle !== undefined;
  }

  /** @throws CodedError `moved` if it is not open and its name is that of another file, or of none */
  async stat(): Promise<FileFacts> {
    if (this.isOpen) return factsOf(await this.#use((handle) => handle.stat({ bigint: true })));
    for (const path of new Set([this.path, this.realPath])) {
      const facts = await factsAt(path);
      if (facts?.inode === this.inode) return facts;
    }
    throw new CodedError('moved', `${this.path} has been replaced by another file`);
  }

  /** Reads up to `length` bytes, fewer at the end of the file. @throws as `stat` */
  async read(into: Buffer, length: number, offset: number): Promise<number> {
    return await this.#use(async (handle) => (await handle.read(into, 0, length, offset)).bytesRead);
  }

  /** Reads all of a range, as far as the file has it. @throws as `stat` does */
  async range(offset: number, length: number): Promise<Buffer> {
    const buffer = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const rest = buffer.subarray(filled);
      const bytesRead = await this.read(rest, rest.length, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  }

  content(size: number): Content {
    return { size, read: (offset, length) => this.range(offset, length) };
  }

  /** Gives the handle back until it is needed again; false if that is not possible. */
  async giveBack(): Promise<boolean> {
    const handle = this.#handle;
    if (handle === undefined || this.#users > 0 || this.#isNameless) return false;
    const { nlink } = await handle.stat();
    this.#isNameless = nlink === 0;
    // a read may have begun meanwhile
    if (this.#isNameless || this.#users > 0 || this.#handle !== handle) return false;
    await this.#release();
    return true;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#release();
  }

  async #release(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    this.#handles.forget(this);
    await handle?.close();
  }

  async #use<Result>(work: (handle: FileHandle) => Promise<Result>): Promise<Result> {
    this.#users++;
    try {
      const handle = this.#handle ?? (await this.#open());
      this.#handles.used(this);
      return await work(handle);
    } finally {
      this.#users--;
    }
  }

  /** Shared by concurrent callers. */
  #open(): Promise<FileHandle> {
    this.#opening ??= this.#reopen().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #reopen(): Promise<FileHandle> {
    if (this.#isClosed) throw new CodedError('moved', `${this.path} is closed`);
    for (const path of new Set([this.path, this.realPath])) {
      if ((await factsAt(path))?.inode !== this.inode) continue;
      const { handle, facts } = await this.#handles.openHandle(path, this.#file);
      // another file may have the name by now
      if (facts.inode === this.inode && !this.#isClosed) {
        this.#handle = handle;
        return handle;
      }
      await handle.close();
    }
    throw new CodedError('moved', `${this.path} has been replaced by another file`);
  }
}

async function factsAt(path: string): Promise<FileFacts | undefined> {
  try {
    return factsOf(await stat(path, { bigint: true }));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return undefined;
    throw error;
  }
}

/** Whether the error means that a file is not at its last known path. */
export function hasMoved(error: unknown): boolean {
  return systemCode(error) === 'moved';
}
