import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { hostname } from 'node:os';
import { encode } from '@msgpack/msgpack';
import { CodedError } from '@pod-patterns/kit';
import type { Conversation } from './conversation.ts';

export interface Credentials {
  readonly sharedKey: string;
  /** `user:password`, for a receiver that requires a login. */
  readonly login: string | undefined;
}

type Bytes = string | Uint8Array;

/**
 * Forward protocol, "Handshake": each side proves that it has the key.
 * @throws CodedError `handshake`: one of the two does not
 * @returns whether the connection may be used for more than one message
 */
export async function shakeHands(talk: Conversation, { sharedKey, login }: Credentials): Promise<boolean> {
  const { nonce, auth, keepalive } = readHelo(await talk.next());
  const salt = randomBytes(16).toString('hex');
  const host = hostname();
  const colon = login?.indexOf(':') ?? -1;
  const [user, password] = login === undefined ? ['', ''] : [login.slice(0, colon), login.slice(colon + 1)];
  const proof = colon < 0 ? '' : digest(auth, user, password);
  talk.send(encode(['PING', host, salt, digest(salt, host, nonce, sharedKey), user, proof]));
  const [kind, isWelcome, reason, server, shown] = asArray(await talk.next());
  if (kind !== 'PONG') throw new CodedError('handshake', 'unexpected answer to PING: expected PONG');
  if (isWelcome !== true)
    throw new CodedError('handshake', `the receiver refused the connection: ${String(reason).slice(0, 200)}`);
  if (!isSame(String(shown), digest(salt, String(server), nonce, sharedKey))) {
    throw new CodedError('handshake', 'the shared key of the receiver does not match');
  }
  return keepalive;
}

function readHelo(message: unknown): { nonce: Bytes; auth: Bytes; keepalive: boolean } {
  const [kind, options] = asArray(message);
  if (kind !== 'HELO' || typeof options !== 'object' || options === null) {
    throw new CodedError('handshake', 'unexpected first message: expected HELO');
  }
  const field = (name: string): unknown => Object.entries(options).find(([key]) => key === name)?.[1];
  const bytes = (value: unknown) => (typeof value === 'string' || value instanceof Uint8Array ? value : '');
  return {
    nonce: bytes(field('nonce')),
    auth: bytes(field('auth')),
    keepalive: field('keepalive') !== false,
  };
}

function asArray(message: unknown): readonly unknown[] {
  return Array.isArray(message) ? message : [];
}

function digest(...pieces: readonly Bytes[]): string {
  const hash = createHash('sha512');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
