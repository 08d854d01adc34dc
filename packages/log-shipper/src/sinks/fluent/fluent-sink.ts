import { randomBytes } from 'node:crypto';
import { encode } from '@msgpack/msgpack';
import { CodedError, describeError, systemCode } from '@pod-patterns/kit';
import { Closed, connectionOutcome, openConnection, withDeadline } from '../over-tcp/open-connection.ts';
import { WatchedFile } from '../secret-files.ts';
import type { Outcome, Records, Sink } from '../sink.ts';
import { TlsFiles } from '../tls-files.ts';
import { Conversation } from './conversation.ts';
import type { FluentAddress } from './fluent-url.ts';
import { type Credentials, shakeHands } from './handshake.ts';

/** Settings of a new connection. */
interface Secrets {
  readonly tls: Record<string, string> | undefined;
  readonly credentials: Credentials | undefined;
}

/** Sends batches as PackedForward messages on one open connection; each is acknowledged by the name of its chunk. */
export class FluentSink implements Sink {
  readonly name: string;
  readonly #address: FluentAddress;
  readonly #tls: TlsFiles;
  readonly #sharedKey: WatchedFile | undefined;
  readonly #login: WatchedFile | undefined;
  #talk: Conversation | undefined;
  #isKept = true;

  constructor(name: string, address: FluentAddress) {
    this.name = name;
    this.#address = address;
    const { sharedKey, login } = address.settings;
    this.#tls = new TlsFiles(address.settings);
    this.#sharedKey = sharedKey === undefined ? undefined : new WatchedFile(sharedKey);
    this.#login = login === undefined ? undefined : new WatchedFile(login);
  }

  async send(records: Records, signal: AbortSignal): Promise<Outcome> {
    let secrets: Secrets;
    try {
      secrets = await this.#secrets();
    } catch (error) {
      return { kind: 'retry', reason: 'credentials', detail: describeError(error) };
    }
    const wasKept = this.#talk?.isOpen === true;
    const sent = { any: false };
    const { timeoutMs } = this.#address.settings;
    try {
      await withDeadline({ timeoutMs, signal }, async (cut) => {
        const talk = await this.#connected(secrets, cut);
        sent.any = true;
        await forward(talk, records, cut);
      });
      if (!this.#isKept) this.#hangUp();
      return { kind: 'accepted' };
    } catch (error) {
      this.#hangUp();
      signal.throwIfAborted();
      const outcome = connectionOutcome(error, sent.any);
      // a lost idle connection says nothing about the receiver: retry at once on a new one
      return wasKept && isGone(error) ? { ...outcome, afterMs: 0 } : outcome;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hangUp();
  }

  async #connected({ tls, credentials }: Secrets, cut: AbortSignal): Promise<Conversation> {
    if (this.#talk?.isOpen === true) return this.#talk;
    const talk = new Conversation(await openConnection(this.#address, { tls, signal: cut }));
    this.#talk = talk;
    this.#isKept = credentials === undefined || (await shakeHands(talk, credentials));
    return talk;
  }

  async #secrets(): Promise<Secrets> {
    const tls = this.#address.isSecure ? await this.#tls.read() : undefined;
    const sharedKey = await this.#sharedKey?.text();
    const login = await this.#login?.text();
    return { tls, credentials: sharedKey === undefined ? undefined : { sharedKey, login } };
  }

  #hangUp(): void {
    this.#talk?.end();
    this.#talk = undefined;
  }
}

const chunkBytes = 16;
const arrayOfThree = 0x93;
const bytes32 = 0xc6;

/**
 * Sends records as one PackedForward message. Its tag is the head of their only group.
 * @throws if another answer comes than its acknowledgement, or none
 */
async function forward(
  talk: Conversation,
  { bytes, count, groups }: Records,
  cut: AbortSignal,
): Promise<void> {
  const chunk = randomBytes(chunkBytes).toString('base64');
  const length = Buffer.alloc(5);
  length[0] = bytes32;
  length.writeUInt32BE(bytes.length, 1);
  const tag = groups[0]?.head ?? encode('');
  const stop = () => talk.end(cut.reason);
  cut.addEventListener('abort', stop, { once: true });
  try {
    talk.send(Buffer.of(arrayOfThree), tag, length, bytes, encode({ chunk, size: count }));
    const answer = await talk.next();
    if (ackOf(answer) === chunk) return;
    const isAsked = Array.isArray(answer) && answer[0] === 'HELO';
    throw new CodedError(
      'protocol',
      isAsked
        ? 'the receiver requires a shared key: set shared-key'
        : 'unexpected answer instead of an acknowledgement',
    );
  } finally {
    cut.removeEventListener('abort', stop);
  }
}

function ackOf(answer: unknown): unknown {
  return typeof answer === 'object' && answer !== null && 'ack' in answer ? answer.ack : undefined;
}

function isGone(error: unknown): boolean {
  return error instanceof Closed || systemCode(error) === 'ECONNRESET' || systemCode(error) === 'EPIPE';
}
