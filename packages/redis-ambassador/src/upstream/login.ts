import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { CodedError } from '@pod-patterns/kit';
import { type Protocol, ReplyError, type Value } from '../resp/value.ts';
import type { Link } from './link.ts';

/** A server's description of itself in its reply to HELLO. */
export interface ServerInfo {
  readonly version: string;
  readonly mode: string;
  readonly role: string;
  readonly modules: Value;
  /** Whether it knows HELLO, and so RESP3. */
  readonly hasResp3: boolean;
}

/** Description of a server that was never reached. */
export const unknownServer: ServerInfo = {
  version: '7.0.0',
  mode: 'standalone',
  role: 'master',
  modules: [],
  hasResp3: true,
};

/** Login, protocol and database of a link. */
export interface Login {
  readonly protocol: Protocol;
  readonly db: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/** Options for opening a link. */
export interface Opening {
  readonly signal: AbortSignal;
  /** Called with the server's reply while it has no data. */
  readonly onNotYet: (text: string) => void;
}

/** Name of the ambassador's connections at Redis. */
export const connectionName = 'redis-ambassador';

const loadingPollMs = 50;
/** Errors of a Redis that has no data yet: it loads its file, or has lost its primary. */
const notYet = new Set(['LOADING', 'MASTERDOWN']);

/**
 * Makes a new link ready: logs in, chooses protocol and database, and waits until the server has its data.
 * @throws CodedError `login-refused`, `protocol-refused`, `db-refused`, `link-lost`; `onNotYet` gets the
 *   server's reply while it has no data
 */
export async function logIn(link: Link, login: Login, opening: Opening): Promise<ServerInfo> {
  // a refusing server may close before it reads, and a failed write would hide its reason
  await nextTurn();
  let lastError: string | undefined;
  const ask = async (...words: string[]) => {
    const reply = await link.request(words).catch(asReply);
    lastError = reply instanceof ReplyError ? reply.message : undefined;
    return reply;
  };
  try {
    return await greet(link, login, { ...opening, ask });
  } catch (cause) {
    // an error right before the end of the connection is the server's reason for it
    const reason = lastError ?? link.farewell;
    const isEnd = cause instanceof CodedError && cause.code === 'link-lost';
    throw isEnd && reason !== undefined ? new CodedError('login-refused', reason, { cause }) : cause;
  }
}

type Ask = (...words: string[]) => Promise<Value>;

async function greet(
  link: Link,
  login: Login,
  { ask, ...opening }: Opening & { readonly ask: Ask },
): Promise<ServerInfo> {
  const { auth, hello, select, ping } = await answersTo(login, ask);
  if (auth instanceof ReplyError) throw new CodedError('login-refused', auth.message);
  refuseWhen(ping, 'NOAUTH');
  const fields = fieldsOf(hello);
  if (fields === undefined && login.protocol === 3) {
    throw new CodedError('protocol-refused', 'NOPROTO unsupported protocol version');
  }
  if (select instanceof ReplyError && !notYet.has(select.word))
    throw new CodedError('db-refused', select.message);

  await untilReady(ping, ask, opening);
  link.remoteId = Number(fields?.get('id') ?? 0);
  return {
    version: String(fields?.get('version') ?? unknownServer.version),
    mode: String(fields?.get('mode') ?? unknownServer.mode),
    role: String(fields?.get('role') ?? unknownServer.role),
    modules: fields?.get('modules') ?? [],
    hasResp3: fields !== undefined,
  };
}

/** Sends the whole login as one pipeline. */
async function answersTo({ protocol, db, user, password }: Login, ask: Ask) {
  const asked = [
    password === undefined ? 'OK' : ask('AUTH', ...(user === undefined ? [] : [user]), password),
    ask('HELLO', String(protocol)),
    ask('CLIENT', 'SETNAME', connectionName),
    db === 0 ? 'OK' : ask('SELECT', String(db)),
    ask('PING'),
  ] as const;
  // settle all before the first is checked: none may fail unhandled
  const [auth, hello, , select, ping] = await Promise.all(asked);
  return { auth, hello, select, ping };
}

/** Repeats `PING` while the server loads its data or waits for its primary. */
async function untilReady(ping: Value, ask: Ask, { onNotYet, signal }: Opening): Promise<void> {
  for (let reply = ping; reply instanceof ReplyError && notYet.has(reply.word); reply = await ask('PING')) {
    onNotYet(reply.message);
    await delay(loadingPollMs, undefined, { signal });
  }
}

/**
 * Checks that the server's role is primary, because the Sentinel that named it may be outdated.
 * @throws CodedError `not-primary`, `link-lost`
 */
export async function mustBePrimary(link: Link): Promise<void> {
  const reply = await link.request(['ROLE']).catch(asReply);
  // a server that denies ROLE to this user is trusted
  const role = Array.isArray(reply) ? reply[0] : 'master';
  if (role !== 'master') throw new CodedError('not-primary', `not a primary: its role is ${String(role)}`);
}

/** Turns an error reply into a value; a lost link still throws. */
function asReply(error: unknown): ReplyError {
  if (error instanceof ReplyError) return error;
  throw error;
}

function refuseWhen(reply: Value, word: string): void {
  if (reply instanceof ReplyError && reply.word === word)
    throw new CodedError('login-refused', reply.message);
}

/** Reads the reply to HELLO: a map, or its flat entries in RESP2. Undefined for an error. */
function fieldsOf(reply: Value): Map<Value, Value> | undefined {
  if (reply instanceof Map) return reply;
  if (!Array.isArray(reply)) return undefined;
  const fields = new Map<Value, Value>();
  for (let at = 0; at + 1 < reply.length; at += 2) fields.set(reply[at] ?? null, reply[at + 1] ?? null);
  return fields;
}
