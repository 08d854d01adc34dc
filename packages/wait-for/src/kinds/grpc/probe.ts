import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2';
import { describeError, systemCode } from '@pod-patterns/kit';
import type { Attempt } from '../../probe/attempt.ts';
import { type Connected, connectTo } from '../../probe/net/connect.ts';
import { formatPlace, type Place } from '../../probe/net/place.ts';
import { secure } from '../../probe/net/secure.ts';
import { type Failure, failure, type Outcome, type Reason } from '../../probe/outcome.ts';
import { systemFailure } from '../../probe/system-failure.ts';
import { decodeHealthResponse, encodeHealthRequest } from './health-message.ts';

/** A server with the standard health service. */
interface GrpcSpec extends Place {
  readonly isTls: boolean;
  readonly ca: string | undefined;
  /** Empty asks for the server as a whole. */
  readonly service: string;
}

const maxMessageBytes = 4096;

/** Ready when `grpc.health.v1.Health/Check` answers SERVING. */
export async function probeGrpc(spec: GrpcSpec, attempt: Attempt): Promise<Outcome> {
  const connected = await connectTo(spec, attempt);
  if (!connected.ok) return connected;
  const { host, ca } = spec;
  const opened = spec.isTls ? await secure(connected, { host, ca, protocols: ['h2'] }, attempt) : connected;
  if (!opened.ok) return opened;
  const answer = await check(spec, opened, attempt);
  return answer.ok ? judge(answer, spec, opened.address) : answer;
}

interface Answer {
  readonly ok: true;
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly message: Buffer;
}

async function check(
  spec: GrpcSpec,
  { socket, address }: Connected,
  attempt: Attempt,
): Promise<Answer | Failure> {
  const { connect } = await import('node:http2');
  attempt.waitFor('timeout', `connected to ${address}, but no answer to a health check`);
  const authority = `${spec.isTls ? 'https' : 'http'}://${formatPlace(spec)}`;
  const session = connect(authority, { createConnection: () => socket });
  const { promise, resolve } = Promise.withResolvers<Answer | Failure>();
  const fail = (error: unknown) =>
    resolve(attempt.signal.aborted ? attempt.interrupted() : http2Failure(error, address));
  session.on('error', fail);
  session.on('close', () => resolve(failure('reset', `${address} closed the connection without an answer`)));
  ask(session, spec.service, { done: resolve, fail });
  try {
    return await promise;
  } finally {
    session.destroy();
  }
}

function ask(
  session: ClientHttp2Session,
  service: string,
  { done, fail }: { done: (answer: Answer) => void; fail: (error: unknown) => void },
): void {
  const stream = session.request({
    ':method': 'POST',
    ':path': '/grpc.health.v1.Health/Check',
    'content-type': 'application/grpc',
    te: 'trailers',
    'user-agent': 'wait-for',
  });
  const chunks: Buffer[] = [];
  let length = 0;
  let headers: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders = {};
  stream.on('response', (head) => {
    headers = head;
  });
  stream.on('trailers', (tail) => {
    trailers = tail;
  });
  stream.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= maxMessageBytes) chunks.push(chunk);
  });
  stream.on('error', fail);
  stream.on('end', () => done({ ok: true, headers, trailers, message: Buffer.concat(chunks) }));
  stream.end(encodeHealthRequest(service));
}

function http2Failure(error: unknown, address: string): Failure {
  const code = systemCode(error) ?? '';
  if (!code.startsWith('ERR_HTTP2_')) return systemFailure(error, address);
  return failure('http-protocol', `${address}: what answers is not HTTP/2 (${describeError(error)})`);
}

/** Statuses of gRPC that mean something of their own; any other may pass. */
const reasonOfStatus: Readonly<Record<string, Reason>> = {
  '5': 'not-found',
  '7': 'denied',
  '12': 'mismatch',
  '16': 'auth',
};

function judge({ headers, trailers, message }: Answer, { service }: GrpcSpec, address: string): Outcome {
  const httpStatus = Number(headers[':status'] ?? 0);
  // a response without a message has its status in the only headers there are
  const status = trailers['grpc-status'] ?? headers['grpc-status'];
  const named = service === '' ? 'the server' : service;
  if (status === undefined) {
    if (httpStatus !== 0 && httpStatus !== 200)
      return { ...failure('http-status', `${address} answers ${httpStatus}`), httpStatus };
    return failure('http-protocol', `${address}: what answers is not gRPC`);
  }
  if (status !== '0') {
    const words = trailers['grpc-message'] ?? headers['grpc-message'] ?? 'no words';
    const detail = `${address}: the health check of ${named} fails with status ${status} (${decode(String(words))})`;
    return failure(reasonOfStatus[String(status)] ?? 'not-ready', detail);
  }
  const serving = decodeHealthResponse(message);
  if (serving === 'SERVING') return { ok: true, detail: `${address}: ${named} is SERVING` };
  if (serving === undefined) return failure('mismatch', `${address}: what answers is not a health check`);
  return failure('not-ready', `${address}: ${named} is ${serving}`);
}

/** `grpc-message` is percent-encoded. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
