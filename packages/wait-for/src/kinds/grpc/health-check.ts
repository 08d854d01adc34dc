import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2';
import { describeError, systemCode } from '@pod-patterns/kit';
import type { Attempt } from '../../probe/attempt.ts';
import type { Connected } from '../../probe/net/connect.ts';
import { peerFailure } from '../../probe/net/peer-failure.ts';
import { type Failure, failure } from '../../probe/outcome.ts';
import { encodeHealthRequest } from './health-message.ts';

/** A response that has come to its own end. */
export interface HealthAnswer {
  readonly ok: true;
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly message: Buffer;
}

/** A health check and its server. */
export interface HealthQuestion {
  readonly scheme: 'http' | 'https';
  /** `HOST:PORT`. */
  readonly authority: string;
  readonly service: string;
}

const maxMessageBytes = 4096;

/** Calls `grpc.health.v1.Health/Check` over a connection, and closes it. */
export async function checkHealth(
  question: HealthQuestion,
  { socket, address }: Connected,
  attempt: Attempt,
): Promise<HealthAnswer | Failure> {
  const { connect } = await import('node:http2');
  if (socket.destroyed) return closed(address);
  attempt.waitFor('timeout', `connected to ${address}, but no answer to a health check`);
  // the name here has no effect; the request names the authority
  const session = connect(`${question.scheme}://wait-for`, { createConnection: () => socket });
  const { promise, resolve, reject } = Promise.withResolvers<HealthAnswer | Failure>();
  const fail = (error: unknown) => {
    try {
      resolve(attempt.signal.aborted ? attempt.interrupted() : http2Failure(error, address));
    } catch (fault) {
      reject(fault);
    }
  };
  const hangUp = () => resolve(attempt.signal.aborted ? attempt.interrupted() : closed(address));
  session.on('error', fail).on('close', hangUp);
  ask(session, question, { done: resolve, fail, hangUp });
  try {
    return await promise;
  } finally {
    session.destroy();
  }
}

interface Ends {
  readonly done: (answer: HealthAnswer) => void;
  readonly fail: (error: unknown) => void;
  readonly hangUp: () => void;
}

function ask(
  session: ClientHttp2Session,
  { authority, service }: HealthQuestion,
  { done, fail, hangUp }: Ends,
): void {
  const stream = session.request({
    ':method': 'POST',
    ':authority': authority,
    ':path': '/grpc.health.v1.Health/Check',
    'content-type': 'application/grpc',
    te: 'trailers',
    'user-agent': 'wait-for',
  });
  const chunks: Buffer[] = [];
  let length = 0;
  let headers: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders = {};
  const finish = () => done({ ok: true, headers, trailers, message: Buffer.concat(chunks) });
  stream.on('response', (head) => {
    headers = head;
  });
  stream.on('trailers', (tail) => {
    trailers = tail;
  });
  stream.on('data', (chunk: Buffer) => {
    length += chunk.length;
    chunks.push(chunk);
    // no answer to a health check is this long: its beginning shows its kind
    if (length > maxMessageBytes) finish();
  });
  stream.on('error', fail);
  // Node ends a stream in the same way when the connection is closed under it
  stream.on('end', () => (stream.rstCode === 0 && headers[':status'] !== undefined ? finish() : hangUp()));
  stream.end(encodeHealthRequest(service));
}

function closed(address: string): Failure {
  return failure('reset', `${address} closed the connection without an answer`);
}

/** Events of a stream or session that the server starts. */
const resets: ReadonlySet<string> = new Set(['ERR_HTTP2_STREAM_ERROR', 'ERR_HTTP2_SESSION_ERROR']);

function http2Failure(error: unknown, address: string): Failure {
  const code = systemCode(error) ?? '';
  if (resets.has(code)) return failure('reset', `${address}: ${describeError(error)}`);
  if (!code.startsWith('ERR_HTTP2_')) return peerFailure(error, address);
  return failure('http-protocol', `${address}: not an HTTP/2 server (${describeError(error)})`);
}
