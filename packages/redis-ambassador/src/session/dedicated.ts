import type { SubscriptionKind } from '../command/command.ts';
import type { Effect } from '../decide/action.ts';
import type { DedicatedView } from '../decide/question.ts';
import type { Protocol, Value } from '../resp/value.ts';
import type { PongForm } from '../upstream/heartbeat.ts';
import type { Link } from '../upstream/link.ts';
import { connectionName } from '../upstream/login.ts';
import { changesIn } from './client-info.ts';
import type { ClientState } from './client-state.ts';

/** Changes of state for each effect. */
const effects = {
  none: {},
  multi: { isInTransaction: true },
  'end-multi': { isInTransaction: false, isWatching: false },
  watch: { isWatching: true },
  unwatch: { isWatching: false },
  monitor: { isMonitoring: true },
  pin: { isPinned: true },
  learn: { isToLearn: true },
  block: { isBlocking: true },
  'await-writes': { isBlocking: true },
} as const satisfies Readonly<Record<Effect, Partial<Dedicated>>>;

/** The dedicated link of a client, and the state that still needs it. */
export class Dedicated implements DedicatedView {
  readonly link: Link;
  isInTransaction = false;
  isWatching = false;
  /** Whether its connection was changed for good. */
  isPinned = false;
  isMonitoring = false;
  /** Whether a command that may block is pending. */
  isBlocking = false;
  readonly #subscriptions = { channel: 0, pattern: 0, shard: 0 };
  /** Pending confirmations of (un)subscriptions. */
  #expected = 0;
  /** Other pending replies that come among messages. */
  #untracked = 0;
  /** Whether a transaction may have changed the visible state of the connection. */
  isToLearn = false;
  #isLearning = false;
  #isRenamed = false;

  constructor(link: Link) {
    this.link = link;
  }

  get isSubscribed(): boolean {
    const { channel, pattern, shard } = this.#subscriptions;
    return channel + pattern + shard > 0;
  }

  get isExpecting(): boolean {
    return this.#expected > 0;
  }

  /** Whether no uncounted reply is pending: confirmations, replies among messages. */
  get isAnswered(): boolean {
    return this.#expected === 0 && this.#untracked === 0 && !this.#isLearning;
  }

  get subscriptions(): Readonly<Record<SubscriptionKind, number>> {
    return this.#subscriptions;
  }

  /** Whether the link has state that would be lost with it, so the client's connection must end too. */
  get hasState(): boolean {
    const isKept = this.isWatching || this.isPinned || this.isInTransaction;
    return isKept || this.isBlocking || this.isMonitoring || this.isSubscribed;
  }

  /** Whether the link is clean. */
  get isClean(): boolean {
    return !this.hasState && this.isAnswered;
  }

  /** Form of the answer to a PING now; undefined if it would be ambiguous or harmful. */
  pongForm(protocol: Protocol): PongForm | undefined {
    // PING would become part of the transaction; MONITOR sends status lines
    if (!this.isAnswered || this.isInTransaction || this.isMonitoring) return undefined;
    return this.isSubscribed && protocol === 2 ? 'message' : 'reply';
  }

  /** Records a sent request with this effect. */
  apply(effect: Effect): void {
    // a blocked command may wait forever on a dead connection
    if (effect === 'block') this.link.askIfQuiet();
    Object.assign(this, effects[effect]);
  }

  /**
   * WAIT and WAITAOF cover the writes of their own connection, and this one has none. A command
   * that is replicated but changes nothing extends them to all earlier writes of any client. (Up to Redis 7.0
   * any command would do.)
   */
  rememberWrites(): void {
    this.link.request(['PUBLISH', 'redis-ambassador', '']).catch(() => {});
  }

  /** Sends a request with this many confirmations, the last one due before `dueAt`. */
  subscribe(request: Buffer, confirmations: number, dueAt: number): void {
    this.#expected += confirmations;
    this.link.dueAt = dueAt;
    this.link.sendRaw(request);
  }

  /** Sends a request whose reply comes among messages, before `dueAt`. */
  sendUntracked(request: Buffer, dueAt: number): void {
    this.#untracked++;
    this.link.dueAt = dueAt;
    this.link.sendRaw(request);
  }

  /** Asks Redis for the connection's state after a transaction, and copies it to the client. */
  learn(state: ClientState, learned: () => void): void {
    if (!this.isToLearn) return;
    this.isToLearn = false;
    this.#isLearning = true;
    const note = (info: Value) => {
      const changes = changesIn(String(info));
      Object.assign(state, changes);
      this.#isRenamed ||= changes.name !== undefined;
    };
    // a connection in an unknown state cannot be reused
    const keep = () => {
      this.isPinned = true;
    };
    const settled = this.link.request(['CLIENT', 'INFO']).then(note, keep);
    void settled.then(() => {
      this.#isLearning = false;
      learned();
    });
  }

  /** Restores the ambassador's own connection state, so that the link can be reused. */
  restore(): void {
    if (this.#isRenamed) this.link.request(['CLIENT', 'SETNAME', connectionName]).catch(() => {});
  }

  /** Inspects a frame that is not a reply to a counted request: a confirmation, a message, a reply. */
  note(frame: Buffer): void {
    const confirmed = readConfirmation(frame);
    if (confirmed !== undefined) {
      const { kind, total } = confirmed;
      const { channel, pattern } = this.#subscriptions;
      // channels and patterns are counted together
      const others = kind === 'channel' ? pattern : kind === 'pattern' ? channel : 0;
      this.#subscriptions[kind] = Math.max(0, total - others);
      this.#expected = Math.max(0, this.#expected - 1);
    } else if (!isMessage(frame) && !(this.isMonitoring && monitored.test(frame.toString('latin1', 0, 32)))) {
      // a refused SUBSCRIBE gets one error for all its channels
      if (this.#untracked > 0) this.#untracked--;
      else this.#expected = 0;
    }
    if (this.#expected + this.#untracked === 0) this.link.dueAt = Number.POSITIVE_INFINITY;
  }
}

const kindOf: Readonly<Record<string, SubscriptionKind>> = { '': 'channel', p: 'pattern', s: 'shard' };
const confirmation = /^[*>]3\r\n\$\d+\r\n([ps]?)(?:un)?subscribe\r\n.*:(\d+)\r\n$/s;
/** Format of MONITOR lines: the time, then `[0 127.0.0.1:40312]` and the command. */
const monitored = /^\+\d+\.\d+ \[/;
const message = /^[*>][34]\r\n\$\d+\r\n[ps]?message\r\n/;

function readConfirmation(
  frame: Buffer,
): { readonly kind: SubscriptionKind; readonly total: number } | undefined {
  // the kinds of messages are 7 or 8 bytes long, those of confirmations at least 9
  const kindLength = frame.toString('latin1', 4, 7);
  if (frame[1] !== 0x33 || kindLength === '$7\r' || kindLength === '$8\r') return undefined;
  const match = confirmation.exec(frame.toString('latin1'));
  const kind = kindOf[match?.[1] ?? '?'];
  return kind === undefined ? undefined : { kind, total: Number(match?.[2]) };
}

/** Tells whether a frame was published, not requested; in RESP3 every push is. */
function isMessage(frame: Buffer): boolean {
  return frame[0] === 0x3e || message.test(frame.toString('latin1', 0, 24));
}
