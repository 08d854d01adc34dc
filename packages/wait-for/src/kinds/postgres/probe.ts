import type { Attempt } from '../../probe/attempt.ts';
import { type Connected, connectTo } from '../../probe/net/connect.ts';
import { Line } from '../../probe/net/line.ts';
import { secure } from '../../probe/net/secure.ts';
import { type Failure, failure, type Outcome } from '../../probe/outcome.ts';
import type { Server } from '../server-url.ts';
import { errorFields, sslRequest, startup, takeMessage, takeSslAnswer } from './messages.ts';

/** Messages that may precede the answer: notices, parameter status, protocol negotiation. */
const preludes = new Set(['N', 'S', 'v']);
const mostPreludes = 50;

/**
 * Ready when the server asks for a password or accepts the client. While it starts or stops, or has no free connection,
 * it does neither. No password is sent.
 */
export async function probePostgres(spec: Server, attempt: Attempt): Promise<Outcome> {
  const connected = await connectTo(spec, attempt);
  if (!connected.ok) return connected;
  const opened = await preferTls(connected, spec, attempt);
  if (!(opened instanceof Line)) return opened;
  using line = opened;
  for (let preludeCount = 0; preludeCount < mostPreludes; preludeCount++) {
    const said = await line.next('answer to the startup message', takeMessage);
    if (!said.ok) return said;
    const { type, body } = said.value;
    if (type === 'R') return acceptance(line.address);
    if (type === 'E') return judgeError(errorFields(body), spec, line.address);
    if (!preludes.has(type)) break;
  }
  return failure('mismatch', `${line.address}: not a PostgreSQL server`);
}

/** Servers may demand TLS. Nothing secret is sent, so any certificate is accepted. */
async function preferTls(connected: Connected, spec: Server, attempt: Attempt): Promise<Line | Failure> {
  const plain = new Line(connected, attempt);
  plain.send(sslRequest());
  const said = await plain.next('answer to the TLS request', takeSslAnswer);
  if (!said.ok) {
    plain[Symbol.dispose]();
    return said;
  }
  if (said.value === 'N') return begin(plain, spec);
  // an error comes in place of an answer
  if (said.value === 'E') return plain;
  plain.leave();
  const secured = await secure(connected, { host: spec.host, isInsecure: true }, attempt);
  return secured.ok ? begin(new Line(secured, attempt), spec) : secured;
}

function begin(line: Line, { user = 'postgres', database }: Server): Line {
  line.send(startup(user, database));
  return line;
}

function acceptance(address: string): Outcome {
  return { ok: true, detail: `${address} accepts connections` };
}

/**
 * Class 57P means starting or stopping, 53 a lack of resources. If the target names no user, a refused user (28) or right
 * (42501) proves that the server accepts connections, as in pg_isready. Other errors are temporary.
 */
function judgeError(fields: ReadonlyMap<string, string>, { user }: Server, address: string): Outcome {
  const state = fields.get('C') ?? '';
  const detail = `${address}: ${fields.get('M') ?? 'an error'}${state === '' ? '' : ` (${state})`}`;
  if (state === '57P03') return failure('loading', detail);
  if (state === '3D000') return failure('missing', detail);
  const isLogin = state.startsWith('28');
  if (!isLogin && state !== '42501') return failure('not-ready', detail);
  if (user === undefined) return acceptance(address);
  return failure(isLogin ? 'auth' : 'denied', detail);
}
