import { buffers } from '../policy/buffer-pool.ts';
import { MINUS } from '../resp/bytes.ts';
import {
  type LostRun,
  ownReply,
  type Recipient,
  type ReplySlice,
  type Run,
  type RunLoss,
} from '../upstream/reply-target.ts';
import type { Home, HomeKeeper } from './home.ts';
import type { Output } from './output.ts';

/** Size of the held replies of a usual pipeline. */
const storeBytes = 4096;
const nothing = Buffer.alloc(0);

/** Place of replies in the order of the client's requests, though they come from several links. */
export class Place implements Home {
  next: Place | undefined;
  /** Number of pending replies. */
  left: number;
  /** Replies held until their turn: a first part in the order's memory, between these offsets, and others. */
  storedFrom = 0;
  storedTo = 0;
  others: Buffer[] | undefined;
  heldBytes = 0;
  /** Number of held bytes in whole replies. */
  wholeBytes = 0;
  isMuted = false;
  /** Whether it may still be in use after all its replies. */
  isKept = false;
  #order: Order;
  #keeper: HomeKeeper;

  constructor(order: Order, keeper: HomeKeeper) {
    this.left = 0;
    this.#order = order;
    this.#keeper = keeper;
  }

  /** Reinitializes the place for reuse. */
  begin(order: Order, keeper: HomeKeeper): this {
    this.#order = order;
    this.#keeper = keeper;
    this.next = undefined;
    return this;
  }

  get recipient(): Recipient {
    return this.#keeper;
  }

  get isSettled(): boolean {
    return this.left === 0;
  }

  takeReplies(slice: ReplySlice): void {
    this.#keeper.settled(slice.replies, slice.freedBytes);
    this.#order.take(this, slice);
  }

  takeLoss(run: LostRun, loss: RunLoss): void {
    this.#keeper.lost(this, run, loss);
  }

  get isWary(): boolean {
    return this.#keeper.areReadsDoubtful;
  }

  takeError(run: Run, line: string, { freedBytes, bytes }: ReplySlice): boolean {
    const text = bytes[0] === MINUS ? line : undefined;
    return this.#keeper.refused(this, run, { text, freedBytes });
  }

  flush(): void {
    this.#keeper.flush();
  }

  give(reply: string | Buffer): void {
    this.#keeper.settled(1, 0);
    this.#order.give(this, reply);
  }

  dropPartial(): boolean {
    return this.#order.dropPartial(this);
  }

  changeBytes(bytes: number): void {
    this.#keeper.settled(0, -bytes);
  }

  single(): { readonly one: Home; readonly rest: Home | undefined } {
    this.isKept = true;
    if (this.left === 1) return { one: this, rest: undefined };
    const one = this.#order.split(this, this.left);
    one.isKept = true;
    const rest = this.#order.split(one, one.left - 1);
    this.#order.advance();
    return { one, rest };
  }
}

/** Unused places for reuse: a new one per request would keep the garbage collector busy. */
const spare: Place[] = [];
const maxSpare = 4096;

/**
 * Orders replies: a list of places. The first passes its replies on, and the others hold theirs. It is
 * empty, and costs nothing, while all pending requests of a client are on one link.
 */
export class Order {
  readonly #output: Output;
  #first: Place | undefined;
  #last: Place | undefined;
  /** Bytes held in all places. */
  heldBytes = 0;
  readonly #keeper: HomeKeeper;
  /** Shared memory for small replies that wait for their turn. */
  #store: Buffer | undefined;
  #stored = 0;

  constructor(output: Output, keeper: HomeKeeper) {
    this.#output = output;
    this.#keeper = keeper;
  }

  /** Held memory in bytes. */
  get memoryBytes(): number {
    return this.heldBytes + (this.#store?.length ?? 0);
  }

  /** Whether replies must be ordered. */
  get isOpen(): boolean {
    return this.#first !== undefined;
  }

  /** Appends a place for this many replies. */
  open(replies: number, isMuted: boolean): Place {
    const place = this.#place(replies, isMuted);
    if (this.#last === undefined) this.#first = place;
    else this.#last.next = place;
    this.#last = place;
    return place;
  }

  #place(replies: number, isMuted: boolean): Place {
    const place = spare.pop()?.begin(this, this.#keeper) ?? new Place(this, this.#keeper);
    place.left = replies;
    place.isMuted = isMuted;
    return place;
  }

  /** Splits this many pending replies off into a place right behind this one. */
  split(place: Place, replies: number): Place {
    const other = this.#place(replies, place.isMuted);
    other.next = place.next;
    place.next = other;
    place.left -= replies;
    if (this.#last === place) this.#last = other;
    return other;
  }

  /** Takes replies for a place. */
  take(place: Place, slice: ReplySlice): void {
    place.left -= slice.replies;
    if (place === this.#first) this.#output.append(slice);
    else this.#hold(place, slice);
    this.advance();
  }

  /** Gives a place a reply of the ambassador itself. */
  give(place: Place, reply: string | Buffer): void {
    place.left--;
    const bytes = typeof reply === 'string' ? Buffer.from(reply, 'latin1') : reply;
    const slice = ownReply(place.isMuted ? nothing : bytes);
    if (place === this.#first) this.#output.append(slice);
    else this.#hold(place, slice);
    this.advance();
  }

  /** Drops the beginning of a reply whose end will not come. False if the client already got it. */
  dropPartial(place: Place): boolean {
    if (place !== this.#first) {
      const whole = Buffer.concat([...this.#partsOf(place)]).subarray(0, place.wholeBytes);
      this.heldBytes -= place.heldBytes - place.wholeBytes;
      place.storedTo = place.storedFrom;
      place.others = [whole];
      place.heldBytes = place.wholeBytes;
      return true;
    }
    if (this.#output.isInsideReply) return false;
    this.#output.dropPartial();
    return true;
  }

  /** Moves on to the first place with pending replies. */
  advance(): void {
    while (this.#first?.left === 0) {
      const done = this.#first;
      this.#first = done.next;
      if (!done.isKept && spare.length < maxSpare) spare.push(done);
      if (this.#first === undefined) this.#end();
      else this.#release(this.#first);
    }
  }

  /** Drops all places. */
  clear(): void {
    this.#first = undefined;
    this.heldBytes = 0;
    this.#end();
  }

  #end(): void {
    this.#last = undefined;
    if (this.#store !== undefined) buffers.give(this.#store);
    this.#store = undefined;
    this.#stored = 0;
  }

  #hold(place: Place, { bytes, start, wholeEnd, end }: ReplySlice): void {
    const size = end - start;
    if (size === 0) return;
    if (wholeEnd > start) place.wholeBytes = place.heldBytes + wholeEnd - start;
    this.#store ??= buffers.take(storeBytes);
    if (place.heldBytes === 0 && this.#stored + size <= this.#store.length) {
      place.storedFrom = this.#stored;
      this.#stored += bytes.copy(this.#store, this.#stored, start, end);
      place.storedTo = this.#stored;
    } else {
      place.others ??= [];
      place.others.push(Buffer.from(bytes.subarray(start, end)));
    }
    place.heldBytes += size;
    this.heldBytes += size;
  }

  *#partsOf({ storedFrom, storedTo, others }: Place): Generator<Buffer> {
    if (storedTo > storedFrom && this.#store !== undefined) yield this.#store.subarray(storedFrom, storedTo);
    if (others !== undefined) yield* others;
  }

  /** Passes on the held replies of the place whose turn it is. */
  #release(place: Place): void {
    const { wholeBytes, heldBytes } = place;
    if (heldBytes === 0) return;
    let before = 0;
    if (place.others === undefined && this.#store !== undefined) {
      this.#pass(this.#store, { start: place.storedFrom, end: place.storedTo, whole: wholeBytes });
    } else {
      for (const part of this.#partsOf(place)) {
        this.#pass(part, { start: 0, end: part.length, whole: wholeBytes - before });
        before += part.length;
      }
    }
    place.others = undefined;
    place.heldBytes = place.wholeBytes = place.storedTo = place.storedFrom = 0;
    this.heldBytes -= heldBytes;
  }

  /** Passes on held bytes, the first `whole` of them in whole replies. */
  #pass(
    bytes: Buffer,
    { start, end, whole }: { readonly start: number; readonly end: number; readonly whole: number },
  ): void {
    const wholeEnd = start + Math.min(Math.max(whole, 0), end - start);
    this.#output.append({ bytes, start, wholeEnd, end, isHeldBack: false, replies: 0, freedBytes: 0 });
  }
}
