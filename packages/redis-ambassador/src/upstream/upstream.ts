import { CodedError, describeError, FaultLog, type Logger } from '@pod-patterns/kit';
import { unavailable } from '../command/words.ts';
import { error } from '../resp/encode.ts';
import type { Protocol, Value } from '../resp/value.ts';
import type { Address, Endpoint } from '../topology/endpoint.ts';
import { connect } from './connect.ts';
import type { Credentials } from './credentials.ts';
import { DedicatedLinks, type LinkKind } from './dedicated-links.ts';
import { Link } from './link.ts';
import type { LinkServices } from './link-services.ts';
import { LinkSet, type SetFailure } from './link-set.ts';
import { logIn, mustBePrimary, type Opening, type ServerInfo, unknownServer } from './login.ts';
import type { LinkLoss } from './reply-target.ts';

/** Dependencies of an upstream. */
export interface UpstreamOptions {
  /** Readable name while the address is unknown. */
  readonly name: string;
  /** Returns the current endpoint; called at each connection. */
  readonly locate: () => Endpoint | undefined;
  /** Reason for an unknown address. */
  readonly unknown: string;
  /** Whether errors to clients may contain the address. */
  readonly isPlaceTold: boolean;
  /** Whether the server must be a primary. */
  readonly isPrimary: boolean;
  /** Whether a node of a Cluster answers reads of its primary's data. */
  readonly isReadOnly: boolean;
  /** Database of the permanent links. */
  readonly db: number;
  /** Called after a failed or lost connection: the server may have moved. */
  readonly onTrouble: () => void;
  readonly credentials: Credentials;
  readonly services: LinkServices;
  readonly log: Logger;
  /** Subject of log lines: `upstream`. */
  readonly what: string;
  readonly random: () => number;
  /** Called with the server's description at each login. */
  readonly onInfo: (info: ServerInfo) => void;
  /** Shared links per protocol and database. */
  readonly links: number;
  /** Maximum number of databases in use at once, per protocol. */
  readonly maxDatabases: number;
  readonly maxDedicated: number;
  readonly holdMs: number;
}

/** State of the server. */
export interface UpstreamState {
  readonly name: 'up' | 'down' | 'loading';
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Reason for not being up. */
  readonly reason: string | undefined;
}

const probeEveryMs = 1000;
const unusedSetMs = 30_000;
/** Time before a database refused by the server is tried again. */
const refusedSetMs = 1000;
const maxConnectMs = 1000;
/** Failures of a connection to a server that may just have been lost. */
const goneCodes: ReadonlySet<string> = new Set(['connect-failed', 'link-lost']);
const stopped: LinkLoss = { reason: 'stopped', detail: 'the ambassador is stopping' };

/** One Redis server: its shared and dedicated links, and its state. */
export class Upstream {
  readonly dedicated: DedicatedLinks;
  isClosed = false;
  /** Time from the latest PING to its reply; undefined while down. */
  latencyMs: number | undefined;

  readonly #options: UpstreamOptions;
  readonly #sets = new Map<string, LinkSet>();
  /** All open and opening links. */
  readonly #links = new Set<Link>();
  readonly #faults: FaultLog;
  readonly #openFaults: FaultLog;
  readonly #home: LinkSet;
  readonly #ticker: NodeJS.Timeout;
  #state: UpstreamState = { name: 'down', since: Date.now(), reason: 'not connected yet' };
  #probedAt = 0;
  /** Aborts opening links to a former address. */
  #moved = new AbortController();
  /** Description at the latest login. */
  #info: ServerInfo | undefined;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.#faults = new FaultLog(options.log, options.what, options.services.now);
    this.#openFaults = new FaultLog(options.log, `${options.what} connection`, options.services.now);
    this.dedicated = new DedicatedLinks({
      max: options.maxDedicated,
      now: options.services.now,
      open: (kind, signal) => this.#openForClient(kind, signal),
    });
    this.#home = this.#addSet(2, options.db);
    this.#home.users = 1; // it is never closed: by it we know whether the server is there
    const tickMs = Math.min(50, Math.max(5, options.services.timeoutMs / 10));
    this.#ticker = setInterval(() => this.#tick(), tickMs).unref();
  }

  /** Readable address. */
  get name(): string {
    return this.#options.locate()?.name ?? this.#options.name;
  }

  /** Current endpoint. */
  get address(): Address | undefined {
    return this.#options.locate()?.address;
  }

  get state(): UpstreamState {
    return this.#state;
  }

  get sharedLinkCount(): number {
    return [...this.#sets.values()].reduce((sum, set) => sum + set.links.length, 0);
  }

  get inFlightCount(): number {
    return [...this.#links].reduce((sum, link) => sum + link.inFlightCount, 0);
  }

  get heldBytes(): number {
    return [...this.#links].reduce((sum, link) => sum + link.heldBytes, 0);
  }

  /** Returns the shared links for this protocol and database, opened if necessary; undefined if there are too many. */
  set(protocol: Protocol, db: number): LinkSet | undefined {
    const known = this.#sets.get(`${protocol}/${db}`);
    if (known !== undefined) return known;
    const ofProtocol = [...this.#sets.values()].filter((set) => set.protocol === protocol);
    if (ofProtocol.length >= this.#options.maxDatabases) {
      const unused = ofProtocol.find((set) => set.users === 0);
      if (unused === undefined) return undefined;
      this.#removeSet(unused);
    }
    return this.#addSet(protocol, db);
  }

  /** Returns the server's description, or a substitute; undefined while it may still become known in time. */
  get described(): ServerInfo | undefined {
    if (this.#info !== undefined) return this.#info;
    return this.#home.failure === undefined ? undefined : unknownServer;
  }

  /** Calls back once, when `described` has a result. */
  waitForDescription(resume: () => void): void {
    this.#home.wait(resume, Number.POSITIVE_INFINITY);
  }

  /**
   * Sends a request of the ambassador itself; waits while the server may still come up in time.
   * @throws ReplyError for an error reply, CodedError `link-lost`
   */
  async ask(words: readonly string[]): Promise<Value> {
    if (!this.#home.isUp) await this.#settled();
    const link = this.#home.pick();
    if (link === undefined) throw new CodedError('link-lost', this.#state.reason ?? 'not connected');
    return link.request(words);
  }

  /** Drops all connections to the former address of a moved server. */
  move(): void {
    const loss: LinkLoss = { reason: 'moved', detail: 'another server has replaced it' };
    this.#options.log.info(`${this.#options.what} moved`, { upstream: this.name });
    this.#moved.abort();
    this.#moved = new AbortController();
    for (const link of this.#links) link.lose(loss);
    for (const set of this.#sets.values()) set.retryNow();
  }

  /** Wakes all waiters for a link. */
  wake(): void {
    for (const set of this.#sets.values()) set.wake();
  }

  /** Unblocks the command of a dedicated link, as if its time were over. */
  unblock({ remoteId }: Link): void {
    this.#home
      .pick()
      ?.request(['CLIENT', 'UNBLOCK', String(remoteId)])
      .catch(() => {});
  }

  /** Makes the error for clients while no link is available. */
  failureText(cause: unknown): string {
    const code = cause instanceof CodedError ? cause.code : '';
    const detail = describeError(cause);
    if (code === 'loading') return error(detail);
    if (code === 'dedicated-limit') return error(`ERR redis-ambassador: ${detail}`);
    if (code === 'db-refused' || code === 'protocol-refused') return error(detail);
    const { isPlaceTold, name } = this.#options;
    const [who, why] = isPlaceTold ? [this.name, detail] : [name, withoutPlace(detail)];
    return unavailable(who, why);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.#ticker);
    this.dedicated.close();
    for (const set of this.#sets.values()) set.close(stopped);
    for (const link of this.#links) link.lose(stopped);
    await Promise.all([...this.#sets.values()].map((set) => set.ended));
  }

  #addSet(protocol: Protocol, db: number): LinkSet {
    const { services, links, holdMs, random } = this.#options;
    const key = `${protocol}/${db}`;
    const set = new LinkSet({
      protocol,
      db,
      size: links,
      holdMs,
      random,
      now: services.now,
      open: (signal, onNotYet) => this.#open({ protocol, db }, { signal, onNotYet }),
      onUp: () => this.#cameUp(),
      onDown: (_, loss) => this.#wentDown(loss),
      onFailure: (cause) => this.#failed(cause),
    });
    this.#sets.set(key, set);
    return set;
  }

  #removeSet(set: LinkSet): void {
    this.#sets.delete(`${set.protocol}/${set.db}`);
    set.close(stopped);
  }

  async #open(kind: LinkKind, { signal, onNotYet }: Opening): Promise<Link> {
    const opening = { signal: AbortSignal.any([signal, this.#moved.signal]), onNotYet };
    try {
      const link = await this.#connect(kind, opening);
      this.#openFaults.recovered({ upstream: this.name });
      return link;
    } catch (error) {
      // only CodedErrors are thrown
      const cause = error as CodedError;
      this.#options.onTrouble();
      if (!opening.signal.aborted) this.#options.services.figures.countConnectFailure(cause.code);
      // while no link is up, report the state of the upstream
      const isTold = isFinal(cause) || opening.signal.aborted || this.#state.name !== 'up';
      if (!isTold) this.#openFaults.failed(describeError(cause), { upstream: this.name });
      throw cause;
    }
  }

  async #connect(kind: LinkKind, opening: Opening): Promise<Link> {
    const { locate, services, credentials } = this.#options;
    const endpoint = locate();
    if (endpoint === undefined) throw new CodedError('place-unknown', this.#options.unknown);
    const login = { ...kind, ...credentials.read() };
    let link: Link | undefined;
    const timeoutMs = Math.min(maxConnectMs, services.timeoutMs);
    const gate = await connect(endpoint, (bytes, length) => link?.receive(bytes, length), {
      timeoutMs,
      signal: opening.signal,
    });
    const opened = new Link(gate, services, endpoint.name);
    link = opened;
    this.#links.add(opened);
    gate.socket.once('close', () => this.#links.delete(opened));
    try {
      this.#info = await logIn(opened, login, opening);
      if (this.#options.isPrimary) await mustBePrimary(opened);
      // READONLY may be refused: replies to reads will show it
      if (this.#options.isReadOnly) await opened.request(['READONLY']).catch(() => {});
      this.#options.onInfo(this.#info);
      return opened;
    } catch (cause) {
      opened.lose({ reason: 'closed', detail: describeError(cause) });
      throw cause;
    }
  }

  /** Opens a link for a waiting client; retries after the return of a server that was just lost. */
  async #openForClient(kind: LinkKind, signal: AbortSignal): Promise<Link> {
    try {
      return await this.#openOnce(kind, signal);
    } catch (cause) {
      const isGone = cause instanceof CodedError && goneCodes.has(cause.code);
      if (!isGone || signal.aborted) throw cause;
      await this.#settled();
      return this.#openOnce(kind, signal);
    }
  }

  /** Records the reason for a failure, even if it is that the server has no data yet. */
  async #openOnce(kind: LinkKind, signal: AbortSignal): Promise<Link> {
    let notYet: string | undefined;
    try {
      const onNotYet = (text: string) => {
        notYet = text;
      };
      return await this.#open(kind, { signal, onNotYet });
    } catch (cause) {
      throw notYet === undefined ? cause : new CodedError('loading', notYet, { cause });
    }
  }

  /** Resolves when the server is up, or will not return in time. */
  #settled(): Promise<void> {
    return new Promise((resolve) => this.#home.wait(resolve, Number.POSITIVE_INFINITY));
  }

  #cameUp(): void {
    if (this.#state.name === 'up') return;
    this.#state = { name: 'up', since: Date.now(), reason: undefined };
    if (this.#faults.isFailing) this.#faults.recovered({ upstream: this.name });
    else this.#options.log.info(`${this.#options.what} connected`, { upstream: this.name });
    for (const set of this.#sets.values()) set.retryNow();
  }

  #wentDown(loss: LinkLoss): SetFailure {
    const { reason, detail } = loss;
    this.#options.onTrouble();
    this.#options.services.figures.countLinkLost(reason);
    const cause = new CodedError('link-lost', detail);
    if (this.sharedLinkCount === 0 && reason !== 'stopped') {
      this.#markDown('down', detail);
      // a client that blocks there forever would wait for a dead server
      this.dedicated.lose({ reason: 'closed', detail });
    }
    return { text: this.failureText(cause), isFinal: false };
  }

  #failed(cause: CodedError): SetFailure {
    if (!isFinal(cause) && cause.code !== 'not-yet' && this.#state.name !== 'up') {
      this.#markDown(cause.code === 'loading' ? 'loading' : 'down', describeError(cause));
    }
    return { text: this.failureText(cause), isFinal: isFinal(cause) };
  }

  #markDown(name: 'down' | 'loading', reason: string): void {
    this.#faults.failed(reason, { upstream: this.name });
    const since = this.#state.name === 'up' ? Date.now() : this.#state.since;
    this.#state = { name, since, reason };
    this.latencyMs = undefined;
  }

  #tick(): void {
    const { services } = this.#options;
    const now = services.now();
    for (const link of this.#links) link.checkDeadline(now);
    for (const set of this.#sets.values()) {
      set.check();
      const keptMs = set.isRefused ? refusedSetMs : unusedSetMs;
      if (set.users === 0 && now - set.unusedSince > keptMs) this.#removeSet(set);
    }
    if (now - this.#probedAt < probeEveryMs) return;
    this.#probedAt = now;
    this.dedicated.expire();
    for (const set of this.#sets.values()) for (const link of set.links) this.#probe(link);
  }

  /** Sends PING over a link: an unused one would not show that its server is frozen or gone. */
  #probe(link: Link): void {
    const { now } = this.#options.services;
    const askedAt = now();
    const answered = (reply: Value) => {
      this.latencyMs = now() - askedAt;
      // a reply to another request: all later replies would be mismatched
      if (reply !== 'PONG') link.lose({ reason: 'protocol', detail: 'unexpected reply to PING' });
    };
    // an error is also an answer, and a lost link is handled elsewhere
    link.request(['PING']).then(answered, () => {});
  }
}

/** Removes the address from a cause: `connect ECONNREFUSED`. */
function withoutPlace(detail: string): string {
  const [systemError] = /^(?:connect|read|write|getaddrinfo) E[A-Z]+/.exec(detail) ?? [];
  return systemError ?? (/altnames|[\d:.]{3,40}:\d/.test(detail) ? 'the connection failed' : detail);
}

/** Tells whether another attempt would fail in the same way. */
function isFinal({ code }: CodedError): boolean {
  return code === 'db-refused' || code === 'protocol-refused';
}
