import { WatchedFile } from './secret-files.ts';

/** PEM files: authorities to trust instead of the usual ones, the shipper's certificate and its key. */
export const tlsFileSettings = ['ca', 'cert', 'key'] as const;
export type TlsFileNames = { readonly [Name in (typeof tlsFileSettings)[number]]?: string };

/** The PEM files of a sink, read again when they change. */
export class TlsFiles {
  readonly #files: ReadonlyArray<readonly [string, WatchedFile]>;

  constructor(names: TlsFileNames) {
    this.#files = tlsFileSettings.flatMap((setting) => {
      const path = names[setting];
      return path === undefined ? [] : [[setting, new WatchedFile(path)] as const];
    });
  }

  /** Their contents, for Node's TLS. @throws if one cannot be read */
  async read(): Promise<Record<string, string>> {
    const texts = this.#files.map(async ([setting, file]) => [setting, await file.text()] as const);
    return Object.fromEntries(await Promise.all(texts));
  }
}
