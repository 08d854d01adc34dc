import { MINUS } from '../resp/bytes.ts';
import type { LostRun, Recipient, ReplySlice, Run, RunLoss } from '../upstream/reply-target.ts';
import type { Home, HomeKeeper } from './home.ts';
import type { Output } from './output.ts';

/** Where replies stand that a client gets in the order of its requests, though they come from several links. */
export class Place implements Home {
  next: Place | undefined;
  /** Replies that have not come. */
  left: number;
  /** What has come before its turn. */
  held: Buffer[] = [];
  heldBytes = 0;
  /** How many of those bytes are whole replies. */
  wholeBytes = 0;
  readonly isMuted: boolean;
  readonly #order: Order;
  readonly #keeper: HomeKeeper;

  constructor(left: number, isMuted: boolean, { order, keeper }: { order: Order; keeper: HomeKeeper }) {
    this.left = left;
    this.isMuted = isMuted;
    this.#order = order;
    this.#keeper = keeper;
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
    if (this.left === 1) return { one: this, rest: undefined };
    const one = this.#order.split(this, this.left);
    const rest = this.#order.split(one, one.left - 1);
    this.#order.advance();
    return { one, rest };
  }

  /** Another one for so many replies. */
  another(replies: number): Place {
    return new Place(replies, this.isMuted, { order: this.#order, keeper: this.#keeper });
  }
}

/**
 * Puts replies in order: a list of places, of which the first passes on what comes, and the others hold it. It is
 * empty, and costs nothing, while all that a client has under way is on one link.
 */
export class Order {
  readonly #output: Output;
  #first: Place | undefined;
  #last: Place | undefined;
  /** What all places hold. */
  heldBytes = 0;

  readonly #keeper: HomeKeeper;

  constructor(output: Output, keeper: HomeKeeper) {
    this.#output = output;
    this.#keeper = keeper;
  }

  /** Whether replies have to be put in order. */
  get isOpen(): boolean {
    return this.#first !== undefined;
  }

  /** A place for so many replies, behind all others. */
  open(replies: number, isMuted: boolean): Place {
    const place = new Place(replies, isMuted, { order: this, keeper: this.#keeper });
    if (this.#last === undefined) this.#first = place;
    else this.#last.next = place;
    this.#last = place;
    return place;
  }

  /** A place right behind this one, which takes over so many of the replies that have not come there. */
  split(place: Place, replies: number): Place {
    const other = place.another(replies);
    other.next = place.next;
    place.next = other;
    place.left -= replies;
    if (this.#last === place) this.#last = other;
    return other;
  }

  /** Takes replies for this place. */
  take(place: Place, slice: ReplySlice): void {
    place.left -= slice.replies;
    if (place === this.#first) this.#output.append(slice);
    else this.#hold(place, slice);
    this.advance();
  }

  /** Gives this place a reply of our own. */
  give(place: Place, reply: string | Buffer): void {
    place.left--;
    const bytes = typeof reply === 'string' ? Buffer.from(reply, 'latin1') : reply;
    const end = place.isMuted ? 0 : bytes.length;
    const slice = { bytes, start: 0, wholeEnd: end, end, isHeldBack: false, replies: 1, freedBytes: 0 };
    if (place === this.#first) this.#output.append(slice);
    else this.#hold(place, slice);
    this.advance();
  }

  /** Forgets the beginning of a reply whose end will not come. False if the client has got it already. */
  dropPartial(place: Place): boolean {
    if (place !== this.#first) {
      const whole = Buffer.concat(place.held).subarray(0, place.wholeBytes);
      this.heldBytes -= place.heldBytes - place.wholeBytes;
      place.held = [whole];
      place.heldBytes = place.wholeBytes;
      return true;
    }
    if (this.#output.isInsideReply) return false;
    this.#output.dropPartial();
    return true;
  }

  /** Goes on to the first place that waits for a reply. */
  advance(): void {
    while (this.#first?.left === 0) {
      this.#first = this.#first.next;
      if (this.#first === undefined) this.#last = undefined;
      else this.#release(this.#first);
    }
  }

  /** Forgets all. */
  clear(): void {
    this.#first = this.#last = undefined;
    this.heldBytes = 0;
  }

  #hold(place: Place, { bytes, start, wholeEnd, end }: ReplySlice): void {
    if (end === start) return;
    if (wholeEnd > start) place.wholeBytes = place.heldBytes + wholeEnd - start;
    place.held.push(Buffer.from(bytes.subarray(start, end)));
    place.heldBytes += end - start;
    this.heldBytes += end - start;
  }

  /** It is this place's turn. */
  #release(place: Place): void {
    const { held, wholeBytes, heldBytes } = place;
    if (heldBytes === 0) return;
    const bytes = held.length === 1 ? (held[0] ?? Buffer.alloc(0)) : Buffer.concat(held);
    place.held = [];
    place.heldBytes = place.wholeBytes = 0;
    this.heldBytes -= heldBytes;
    this.#output.append({
      bytes,
      start: 0,
      wholeEnd: wholeBytes,
      end: heldBytes,
      isHeldBack: false,
      replies: 0,
      freedBytes: 0,
    });
  }
}
