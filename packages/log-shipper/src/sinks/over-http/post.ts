import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { describeError, systemCode } from '@pod-patterns/kit';
import type { HttpAnswer } from './http-outcome.ts';

export interface Post {
  readonly url: URL;
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
  /** PEM texts: `ca`, `cert`, `key`. */
  readonly tls: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** For everything, up to the last byte of the answer. */
  readonly timeoutMs: number;
  /** How much of the answer's body is kept. */
  readonly keptBytes: number;
  readonly signal: AbortSignal;
}

/** A request without an answer. */
export class PostFailure extends Error {
  /** Label value for metrics: the system's code (`ECONNRESET`), `timeout`, or `protocol`. */
  readonly reason: string;
  /** Whether any of it was sent, so that the server may have taken it. */
  readonly wasSent: boolean;
  /** The server had closed a connection that was kept for the next request. */
  readonly wasStale: boolean;

  constructor(cause: unknown, { wasSent, wasReused }: { wasSent: boolean; wasReused: boolean }) {
    super(cause instanceof Late ? 'no answer in time' : describeError(cause), { cause });
    this.reason = cause instanceof Late ? 'timeout' : (systemCode(cause) ?? 'protocol');
    this.wasSent = wasSent;
    this.wasStale = wasReused && (this.reason === 'ECONNRESET' || this.reason === 'EPIPE');
  }
}

class Late extends Error {}

/**
 * Sends a POST and resolves with its answer, whatever its status.
 * @throws PostFailure when there is none
 */
export async function post(options: Post): Promise<HttpAnswer> {
  const { url, agent, headers, tls, body, timeoutMs, keptBytes, signal } = options;
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const asked = send(url, {
    ...{ method: 'POST', agent, ...tls },
    headers: { ...headers, 'content-length': body.length },
  });
  const connected = watchConnection(asked, url);
  const late = setTimeout(() => asked.destroy(new Late()), timeoutMs);
  const cut = () => asked.destroy();
  signal.addEventListener('abort', cut, { once: true });
  if (signal.aborted) cut();
  try {
    const answering = answerOf(asked);
    asked.end(body);
    const answer = await answering;
    return await readAnswer(answer, Math.min(timeoutMs, mostBodyMs), keptBytes);
  } catch (error) {
    // a destroyed request fails with the given error, its answer with a general one
    const cause = asked.errored ?? error;
    throw new PostFailure(cause, { wasSent: connected.is, wasReused: asked.reusedSocket });
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', cut);
  }
}

/** No byte of a request is sent before its connection is established. */
function watchConnection(asked: ClientRequest, { protocol }: URL): { readonly is: boolean } {
  const connected = { is: false };
  asked.once('socket', (socket) => {
    connected.is = !socket.connecting;
    if (connected.is) return;
    socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      connected.is = true;
    });
  });
  return connected;
}

function answerOf(asked: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.on('response', resolve);
    // also after the answer: the server may refuse a body and close before it has taken it all
    asked.on('error', reject);
  });
}

/** Time limit for the body of an answer. */
const mostBodyMs = 2000;
/** How much of it is logged. */
const toldBytes = 16 * 1024;

/** Only the status counts: a body that breaks off or never ends does not delay it. */
async function readAnswer(response: IncomingMessage, mostMs: number, keptBytes: number): Promise<HttpAnswer> {
  const status = response.statusCode ?? 0;
  const kept: Buffer[] = [];
  let length = 0;
  const late = setTimeout(() => response.destroy(), mostMs);
  try {
    for await (const chunk of response) {
      if (length < keptBytes) kept.push(chunk as Buffer); // no encoding is set
      length += chunk.length;
    }
  } catch {
    // its text is only for people
  } finally {
    clearTimeout(late);
  }
  const body = Buffer.concat(kept).subarray(0, keptBytes);
  const text = body.toString('utf8', 0, toldBytes).replace(/\s+/g, ' ').trim();
  return { status, retryAfter: response.headers['retry-after'], text, body };
}
