import type { Command } from '../command/command.ts';
import { type CommandTable, unknownCommand } from '../command/command-table.ts';
import { Request } from '../command/request.ts';
import { largeRequestBytes } from '../decide/ways.ts';
import { encodeRequest } from '../resp/encode.ts';
import { splitInline } from '../resp/inline.ts';
import { incomplete, malformed, type RequestLimits, RequestScanner } from '../resp/request-scanner.ts';
import { Input } from './input.ts';
import type { BegunRequest, LargeRequest } from './large-request.ts';

/** Result of offering a request; a waiting one is offered again. */
export type Taken = 'taken' | 'waiting';

/** Position of a request, and the time it was read. */
export type Place = Pick<Request, 'bytes' | 'start' | 'end' | 'readAt'>;

/** Position of the second word of a request, if any; mostly its key. */
export type KeyPlace = Pick<RequestScanner, 'argumentCount' | 'secondStart' | 'secondEnd'>;

/** Requests to offer again, and the time they were read. */
export interface PutBack {
  readonly bytes: Buffer;
  readonly readAt: number;
}

/** Consumer of the requests, in order. */
export interface RequestTaker {
  /** Whether the next request can be offered. */
  readonly isFree: boolean;
  readonly requestLimits: RequestLimits;
  /** Returns how many requests may pass undecoded. `keptSince`: read time of the first, if it has waited. */
  room(keptSince: number | undefined): number;
  /** Passes one of those on, unless it must be decoded; its bytes stay in use until `passed`. */
  pass(command: Command, place: Place, key: KeyPlace): boolean;
  /** Called before the memory of the passed requests is reused. */
  passed(): void;
  /** Takes a request that must be decoded. */
  take(request: Request): Taken;
  /** Begins a request that is too large to be kept. Undefined: it must wait, and is offered again. */
  takeLarge(command: Command, begun: BegunRequest, readAt: number): LargeRequest | undefined;
  /** Called with the fault if the client's bytes are malformed. */
  refuse(fault: string): Taken;
}

/** Enough for headers that announce the following size. */
const headerBytes = 64;
const nothing: Buffer = Buffer.alloc(0);

/** Splits a client's bytes into requests and offers them in order. Keeps requests that cannot be taken yet. */
export class Intake {
  readonly #taker: RequestTaker;
  readonly #table: CommandTable;
  readonly #scanner = new RequestScanner();
  readonly #input = new Input();
  #large: LargeRequest | undefined;
  /** Position of the offered request, reused: one object per request would be too many. */
  readonly #place = { bytes: nothing, start: 0, end: 0, readAt: 0 };
  /** Receive time of the latest bytes. */
  #receivedAt = 0;

  constructor(taker: RequestTaker, table: CommandTable) {
    this.#taker = taker;
    this.#table = table;
  }

  /** Bytes not taken yet. */
  get size(): number {
    return this.#input.size;
  }

  /** Memory they take. */
  get heldBytes(): number {
    return this.#input.heldBytes;
  }

  /** Whether a large request is incomplete. */
  get isInsideLarge(): boolean {
    return this.#large !== undefined;
  }

  /** Whether a large request arrives faster than the upstream reads it. */
  get isCongested(): boolean {
    return this.#large?.isCongested === true;
  }

  /** Takes the bytes read by the socket at `now`. They may be overwritten after the call. */
  receive(bytes: Buffer, length: number, now: number): void {
    this.#receivedAt = now;
    let at = this.#large === undefined ? this.#complete(bytes, length) : this.#continueLarge(bytes, length);
    if (this.#input.size === 0 && this.#taker.isFree) at = this.#take(bytes, at, length);
    if (at < length) this.#keep(bytes, at, length);
  }

  /** Offers the kept requests again. */
  resume(): void {
    const { bytes, start, end } = this.#input;
    this.#input.dropBefore(this.#take(bytes, start, end));
  }

  /** Prepends requests, to be offered first. */
  putBack(requests: readonly PutBack[]): void {
    for (const { bytes, readAt } of requests.toReversed()) this.#input.prepend(bytes, readAt);
    this.#scanner.reset();
  }

  /** Restarts the time of all kept requests. */
  restart(now: number): void {
    this.#input.restart(now);
  }

  /** Drops all kept requests. */
  clear(): void {
    this.#input.clear();
  }

  /** Completes an incomplete request without taking more; returns the number of bytes used. */
  #complete(bytes: Buffer, length: number): number {
    let at = 0;
    while (at < length && this.#input.size > 0 && this.#taker.isFree) {
      const missing = this.#scanner.neededBytes - this.#input.size;
      const end = Math.min(length, at + Math.max(missing, headerBytes));
      this.#keep(bytes, at, end);
      at = end;
      this.resume();
    }
    return at;
  }

  #keep(bytes: Buffer, start: number, end: number): void {
    this.#input.append({ bytes, start, end, at: this.#receivedAt }, this.#scanner.neededBytes);
  }

  #take(bytes: Buffer, start: number, end: number): number {
    const at = this.#offer(bytes, start, end);
    this.#taker.passed();
    // do not keep a large buffer alive that nothing else uses
    this.#place.bytes = nothing;
    return at;
  }

  /** Offers requests as long as they are whole and taken; returns the end of the last one. */
  #offer(bytes: Buffer, start: number, end: number): number {
    const taker = this.#taker;
    const scanner = this.#scanner;
    scanner.limits = taker.requestLimits;
    const isKept = this.#input.size > 0;
    let at = start;
    let room = this.#room(at, isKept);
    while (taker.isFree) {
      const next = scanner.next(bytes, at, end);
      if (next === incomplete)
        return this.#takeLarge(bytes, { start: at, end, readAt: this.#readAt(end, isKept) });
      if (next === malformed) return this.#refuse(scanner.fault, { at, end });
      const isArray = !scanner.isInline && scanner.argumentCount > 0;
      const command = isArray ? this.#commandIn(bytes) : unknownCommand;
      const place = this.#place;
      place.bytes = bytes;
      place.start = at;
      place.end = next;
      place.readAt = this.#readAt(next, isKept);
      const mayPass = isArray && room > 0 && command.isPlain && next - at <= largeRequestBytes;
      if (mayPass && taker.pass(command, place, scanner)) room--;
      else {
        if (this.#takeOne(command, place) === 'waiting') return at;
        room = this.#room(next, isKept);
      }
      at = next;
    }
    return at;
  }

  /** Returns the time when all bytes before this offset had been received. */
  #readAt(end: number, isKept: boolean): number {
    return isKept ? this.#input.arrivedAt(end) : this.#receivedAt;
  }

  /** Returns the taker's room; new bytes cannot be late, so the clock is not read. */
  #room(start: number, isKept: boolean): number {
    return this.#taker.room(isKept ? this.#input.arrivedAt(start + 1) : undefined);
  }

  #commandIn(bytes: Buffer): Command {
    return this.#table.find(bytes, this.#scanner.nameStart, this.#scanner.nameEnd);
  }

  #takeOne(command: Command, place: Place): Taken {
    const { isInline, argumentCount, secondStart, secondEnd } = this.#scanner;
    if (isInline) return this.#takeInline(place);
    if (argumentCount === 0) return 'taken';
    const word =
      argumentCount > 1 ? place.bytes.toString('latin1', secondStart, secondEnd).toLowerCase() : '';
    return this.#taker.take(new Request(command, command.subcommands?.get(word), place));
  }

  #takeInline({ readAt, ...place }: Place): Taken {
    const line = place.bytes.subarray(place.start, place.end);
    const words = splitInline(line.subarray(0, line.at(-2) === 0x0d ? -2 : -1));
    if (words === undefined) return this.#taker.refuse('unbalanced quotes in request');
    if (words.length === 0) return 'taken';
    const bytes = encodeRequest(words);
    this.#scanner.next(bytes, 0, bytes.length);
    return this.#takeOne(this.#commandIn(bytes), { bytes, start: 0, end: bytes.length, readAt });
  }

  /** Refuses malformed input; nothing after it can be parsed. */
  #refuse(fault: string, { at, end }: { readonly at: number; readonly end: number }): number {
    this.#scanner.reset();
    return this.#taker.refuse(fault) === 'taken' ? end : at;
  }

  /** Begins an incomplete request if it is a large one; returns the end of the taken bytes. */
  #takeLarge(bytes: Buffer, { start, end, readAt }: Omit<Place, 'bytes'>): number {
    if (this.#scanner.neededBytes <= largeRequestBytes) return start;
    const rest = this.#scanner.rest(start, end);
    const begun = bytes.subarray(start, end);
    const large = this.#taker.takeLarge(this.#commandIn(bytes), { ...rest, begun }, readAt);
    if (large === undefined) return start;
    this.#scanner.reset();
    this.#large = large;
    return end;
  }

  /** Passes more bytes to a large request; returns their number. */
  #continueLarge(bytes: Buffer, length: number): number {
    const taken = this.#large?.take(bytes, length) ?? 0;
    if (taken !== malformed && !this.#large?.isWhole) return taken;
    if (taken === malformed) this.#large?.abandon();
    this.#large = undefined;
    return taken === malformed ? this.#refuse('invalid bulk length', { at: 0, end: length }) : taken;
  }
}
