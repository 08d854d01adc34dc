import { readFile, stat } from 'node:fs/promises';

/** A small file whose content can change at run time, such as a mounted Secret. */
export class WatchedFile {
  readonly path: string;
  #stamp = '';
  #text = '';

  constructor(path: string) {
    this.path = path;
  }

  /** Its text without the newline at its end. @throws when it cannot be read */
  async text(): Promise<string> {
    const { mtimeNs, size, ino } = await stat(this.path, { bigint: true });
    const stamp = `${ino}:${size}:${mtimeNs}`;
    if (stamp !== this.#stamp) {
      this.#text = (await readFile(this.path, 'utf8')).replace(/\r?\n$/, '');
      this.#stamp = stamp;
    }
    return this.#text;
  }
}

/** Reads `Name: value` lines; skips empty lines and those that begin with `#`. */
export function readHeaderLines(text: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const match = /^([!#$%&'*+.^_`|~\w-]+):(.*)$/.exec(line);
    if (match !== null && !line.startsWith('#'))
      headers[(match[1] ?? '').toLowerCase()] = (match[2] ?? '').trim();
  }
  return headers;
}
