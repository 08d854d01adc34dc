import type { Attempt } from '../../probe/attempt.ts';
import { type Connected, connectTo } from '../../probe/net/connect.ts';
import { Line, type Taken } from '../../probe/net/line.ts';
import { secure } from '../../probe/net/secure.ts';
import { type Failure, failure, type Outcome } from '../../probe/outcome.ts';
import type { Server } from '../server-url.ts';

/** The first words of PostgreSQL's protocol (its manual, "Message Formats"). */
const sslRequestCode = 80_877_103;
const protocolVersion = 196_608; // 3.0

/**
 * Ready when the server asks for a password or lets us in: then it takes connections, which it does not
 * while it starts, stops, or has none left. No password is sent.
 */
export async function probePostgres(spec: Server, attempt: Attempt): Promise<Outcome> {
  const connected = await connectTo(spec, attempt);
  if (!connected.ok) return connected;
  const opened = await preferTls(connected, spec, attempt);
  if (!(opened instanceof Line)) return opened;
  using line = opened;
  line.send(startup(spec.user ?? 'postgres', spec.database));
  const said = await line.next('answer to a startup message', takeMessage);
  if (!said.ok) return said;
  const { type, body } = said.value;
  if (type === 'R' || type === 'v') return { ok: true, detail: `${line.address} accepts connections` };
  if (type !== 'E') return failure('mismatch', `${line.address}: what answers is not PostgreSQL`);
  return judgeError(errorFields(body), spec, line.address);
}

/** Servers may demand TLS; as nothing secret is sent, whose certificate it is does not matter. */
async function preferTls(connected: Connected, { host }: Server, attempt: Attempt): Promise<Line | Failure> {
  const line = new Line(connected, attempt);
  const request = Buffer.alloc(8);
  request.writeUInt32BE(8, 0);
  request.writeUInt32BE(sslRequestCode, 4);
  line.send(request);
  const said = await line.next('answer to a request for TLS', takeLetter);
  if (!said.ok) {
    line[Symbol.dispose]();
    return said;
  }
  if (said.value === 'N') return line;
  line.leave();
  const secured = await secure(connected, { host, isInsecure: true }, attempt);
  return secured.ok ? new Line(secured, attempt) : secured;
}

function takeLetter(received: Buffer): { value: string; length: number } | string {
  const letter = String.fromCharCode(received[0] ?? 0);
  return letter === 'S' || letter === 'N' ? { value: letter, length: 1 } : 'what answers is not PostgreSQL';
}

function startup(user: string, database: string): Buffer {
  const named = database === '' ? [] : ['database', database];
  const parameters = Buffer.from(`${['user', user, ...named].join('\0')}\0\0`);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(head.length + parameters.length, 0);
  head.writeUInt32BE(protocolVersion, 4);
  return Buffer.concat([head, parameters]);
}

interface Message {
  readonly type: string;
  readonly body: Buffer;
}

/** A letter, a length that counts itself, and the rest. */
function takeMessage(received: Buffer): Taken<Message> {
  if (received.length < 5) return undefined;
  const length = received.readUInt32BE(1) + 1;
  if (length < 5 || length > 32_768) return 'what answers is not PostgreSQL';
  if (received.length < length) return undefined;
  return {
    value: { type: String.fromCharCode(received[0] ?? 0), body: received.subarray(5, length) },
    length,
  };
}

/** The fields of an error by their letter: C is the SQLSTATE, M the message. */
function errorFields(body: Buffer): ReadonlyMap<string, string> {
  const fields = body.toString('utf8').split('\0');
  return new Map(fields.map((field) => [field.slice(0, 1), field.slice(1)]));
}

/** Class 57P is the server's own coming and going, 53 a lack of resources, 28 a login that it refuses. */
function judgeError(fields: ReadonlyMap<string, string>, spec: Server, address: string): Outcome {
  const state = fields.get('C') ?? '';
  const detail = `${address}: ${fields.get('M') ?? 'an error'} (${state})`;
  if (state === '57P03') return failure('loading', detail);
  if (state.startsWith('57P') || state.startsWith('53')) return failure('not-ready', detail);
  if (state === '3D000') return failure('missing', detail);
  // who refuses a user that nobody asked for takes connections, as pg_isready sees it as well
  if (spec.user === undefined) return { ok: true, detail: `${address} accepts connections` };
  return failure(state.startsWith('28') ? 'auth' : 'not-ready', detail);
}
