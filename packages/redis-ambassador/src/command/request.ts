import { readInteger } from '../resp/bytes.ts';
import { encodeRequest } from '../resp/encode.ts';
import type { Command } from './command.ts';

/** One whole request, where it is not enough to pass its bytes on. */
export class Request {
  readonly command: Command;
  /** The subcommand's description, where the command has subcommands and knows this one. */
  readonly subcommand: Command | undefined;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** When its last byte was read from the client, in milliseconds of the clock that never goes back. */
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

  /** What is known of it: of the subcommand where there is one. */
  get described(): Command {
    return this.subcommand ?? this.command;
  }

  get size(): number {
    return this.end - this.start;
  }

  /** Its bytes, which share the memory it lies in. */
  get wire(): Buffer {
    return this.bytes.subarray(this.start, this.end);
  }

  /** Its arguments, the name first. They share the request's memory. */
  get words(): readonly Buffer[] {
    this.#words ??= splitRequest(this.bytes, this.start);
    return this.#words;
  }

  /** An argument as text, one character a byte; empty when there is none. */
  text(index: number): string {
    return this.words[index]?.toString('latin1') ?? '';
  }

  /** An argument in lower case, to compare with a keyword. */
  keyword(index: number): string {
    return this.text(index).toLowerCase();
  }
}

/** The same request with other arguments, of which the first is its name. */
export function withWords(
  { command, subcommand, readAt }: Request,
  words: ReadonlyArray<string | Buffer>,
): Request {
  const bytes = encodeRequest(words);
  return new Request(command, subcommand, { bytes, start: 0, end: bytes.length, readAt });
}

/** The arguments of a request that `RequestScanner` has found whole. */
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
