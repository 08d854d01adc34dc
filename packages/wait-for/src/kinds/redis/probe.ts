import type { Attempt } from '../../probe/attempt.ts';
import { connectTo } from '../../probe/net/connect.ts';
import { Line, type Said, type Taken } from '../../probe/net/line.ts';
import type { Place } from '../../probe/net/place.ts';
import { secure } from '../../probe/net/secure.ts';
import { type Failure, failure, type Outcome, type Reason } from '../../probe/outcome.ts';

/** A Redis that must answer, accept the login, and have the role and keys. */
export interface RedisSpec extends Place {
  readonly isTls: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  readonly role: 'master' | 'replica' | undefined;
  /** Keys that must exist. */
  readonly keys: readonly string[];
  /** File with the authorities to trust. */
  readonly ca: string | undefined;
}

/** A reply; of an array only its first element. */
type Reply = { readonly type: '+' | '-' | ':' | '$' | '*'; readonly text: string };

/** Ready when login and PING succeed, and Redis has the role and keys. */
export async function probeRedis(spec: RedisSpec, attempt: Attempt): Promise<Outcome> {
  const connected = await connectTo(spec, attempt);
  if (!connected.ok) return connected;
  const secured = spec.isTls ? await secure(connected, { host: spec.host, ca: spec.ca }, attempt) : connected;
  if (!secured.ok) return secured;
  using line = new Line(secured, attempt);
  for (const { command, fault } of conversation(spec)) {
    line.send(encodeCommand(command));
    const said: Said<Reply> = await line.next(`answer to ${command[0]}`, takeReply);
    if (!said.ok) return said;
    const wrong = said.value.type === '-' ? errorFailure(said.value.text) : fault(said.value);
    if (wrong !== undefined) return { ...wrong, detail: `${line.address}: ${wrong.detail}` };
  }
  return { ok: true, detail: `${line.address} answers PONG` };
}

interface Step {
  readonly command: readonly string[];
  /** Fault of an answer that is not an error. */
  readonly fault: (reply: Reply) => Failure | undefined;
}

function conversation({ user, password, database, role, keys }: RedisSpec): Step[] {
  const steps: Step[] = [];
  const isFine = () => undefined;
  if (password !== undefined) {
    steps.push({ command: ['AUTH', ...(user === undefined ? [] : [user]), password], fault: isFine });
  }
  steps.push({
    command: ['PING'],
    fault: ({ text }) => (text === 'PONG' ? undefined : failure('mismatch', 'unexpected reply to PING')),
  });
  if (database !== 0) steps.push({ command: ['SELECT', String(database)], fault: isFine });
  for (const key of keys) {
    steps.push({
      command: ['EXISTS', key],
      fault: ({ text }) => (text === '0' ? failure('missing', `key ${key} does not exist`) : undefined),
    });
  }
  // last, because the rest of its array is not read
  if (role !== undefined) steps.push({ command: ['ROLE'], fault: ({ text }) => roleFault(text, role) });
  return steps;
}

function roleFault(found: string, wanted: 'master' | 'replica'): Failure | undefined {
  // ROLE still says "slave"
  const role = found === 'slave' ? 'replica' : found;
  return role === wanted ? undefined : failure('mismatch', `its role is ${role}, not ${wanted}`);
}

const reasonOfError: Readonly<Record<string, Reason>> = {
  LOADING: 'loading',
  MASTERDOWN: 'not-ready',
  BUSY: 'not-ready',
  CLUSTERDOWN: 'not-ready',
  TRYAGAIN: 'not-ready',
  NOAUTH: 'auth',
  WRONGPASS: 'auth',
  NOPERM: 'denied',
  DENIED: 'denied',
};

/** The first word of an error is its code; older servers use `ERR` for login errors. */
function errorFailure(text: string): Failure {
  const [code = ''] = text.split(' ');
  if (code === 'ERR' && /password|AUTH/.test(text)) return failure('auth', text);
  return failure(reasonOfError[code] ?? 'not-ready', text);
}

function encodeCommand(words: readonly string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${parts.join('')}`;
}

const notRedis = 'not a Redis server';

/** One RESP reply; of an array only the first element is read, and the conversation ends. */
function takeReply(received: Buffer): Taken<Reply> {
  const head = takeLine(received);
  if (head === undefined || typeof head === 'string') return head;
  const { type, text } = head.value;
  if (type === '+' || type === '-' || type === ':') return head;
  if (!/^-?\d{1,9}$/.test(text)) return notRedis;
  const count = Number(text);
  // nothing: an empty array, or null
  if (count < 0 || (type === '*' && count === 0)) return { value: { type, text: '' }, length: head.length };
  const rest = received.subarray(head.length);
  const inner = type === '*' ? takeElement(rest) : takeText(rest, count);
  if (inner === undefined || typeof inner === 'string') return inner;
  return { value: { type, text: inner.value.text }, length: head.length + inner.length };
}

/** The first element of an array, which is not an array itself: no server nests this reply. */
function takeElement(received: Buffer): Taken<Reply> {
  return received[0] === '*'.charCodeAt(0) ? notRedis : takeReply(received);
}

/** A type and what stands on its line. */
function takeLine(received: Buffer): Taken<Reply> {
  const type = String.fromCharCode(received[0] ?? 0);
  if (received.length === 0) return undefined;
  if (!isReplyType(type)) return notRedis;
  const end = received.indexOf('\r\n');
  if (end < 0) return undefined;
  return { value: { type, text: received.toString('utf8', 1, end) }, length: end + 2 };
}

/** A text of this many bytes and its CRLF. */
function takeText(received: Buffer, bytes: number): Taken<Reply> {
  if (received.length < bytes + 2) return undefined;
  return { value: { type: '$', text: received.toString('utf8', 0, bytes) }, length: bytes + 2 };
}

function isReplyType(letter: string): letter is Reply['type'] {
  return letter === '+' || letter === '-' || letter === ':' || letter === '$' || letter === '*';
}
