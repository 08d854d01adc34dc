import { readInteger } from '../resp/bytes.ts';
import { encodeRequest } from '../resp/encode.ts';
import type { Command } from './command.ts';

/** A whole, decoded request, for commands whose bytes cannot just be passed on. */
export class Request {
  readonly command: Command;
  /** Description of the subcommand, if known. */
  readonly subcommand: Command | undefined;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** Time when its last byte was read from the client, in milliseconds of the monotonic clock. */
  readonly readAt: number;
  #words: readonly Buffer[] | undefined;

  constructor(
    command: Command,
    subcommand: Command | undefined,
    { bytes, start, end, readAt }: Pick<Request, 'bytes' | 'start' | 'end' | 'readAt'>,
  ) {
    this.command = command;
    this.subcommand = subcommand;
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.readAt = readAt;
  }

  /** Its description: that of the subcommand, if any. */
  get described(): Command {
    return this.subcommand ?? this.command;
  }

  get size(): number {
    return this.end - this.start;
  }

  /** Its bytes; they share the memory of the input. */
  get wire(): Buffer {
    return this.bytes.subarray(this.start, this.end);
  }

  /** Its arguments, the name first; they share the memory of the input. */
  get words(): readonly Buffer[] {
    this.#words ??= splitRequest(this.bytes, this.start);
    return this.#words;
  }

  /** Returns an argument as text, one character per byte; empty if missing. */
  text(index: number): string {
    return this.words[index]?.toString('latin1') ?? '';
  }

  /** Returns an argument in lower case, to compare with a keyword. */
  keyword(index: number): string {
    return this.text(index).toLowerCase();
  }
}

/** Returns the same request with other arguments, the name first. */
export function withWords(
  { command, subcommand, readAt }: Request,
  words: ReadonlyArray<string | Buffer>,
): Request {
  const bytes = encodeRequest(words);
  return new Request(command, subcommand, { bytes, start: 0, end: bytes.length, readAt });
}

/** Splits a whole request, as found by `RequestScanner`, into its arguments. */
function splitRequest(bytes: Buffer, start: number): Buffer[] {
  const words: Buffer[] = [];
  let lineEnd = bytes.indexOf(0x0d, start);
  const count = readInteger(bytes, start + 1, lineEnd);
  let at = lineEnd + 2;
  for (let word = 0; word < count; word++) {
    lineEnd = bytes.indexOf(0x0d, at);
    const length = readInteger(bytes, at + 1, lineEnd);
    words.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 4 + length;
  }
  return words;
}
