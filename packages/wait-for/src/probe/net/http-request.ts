import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { describeError, systemCode } from '@pod-patterns/kit';
import type { Attempt } from '../attempt.ts';
import { type Failure, failure, ours } from '../outcome.ts';
import { type Connected, connectTo } from './connect.ts';
import { peerFailure } from './peer-failure.ts';
import { placeOfUrl } from './place.ts';
import { secure } from './secure.ts';

/** A header to send or to expect; the name is in small letters. */
export interface Header {
  readonly name: string;
  /** Value to send or to expect; `@/path` of a header to send is read from that file at each try. */
  readonly value: string;
}

/** One request, as it is to be sent. */
export interface HttpQuestion {
  /** `http:` or `https:`. */
  readonly url: URL;
  readonly method: string;
  readonly headers: readonly Header[];
  readonly ca?: string | undefined;
  readonly isInsecure?: boolean;
}

/** The head of a response; its body can still be read. Disposing of it hangs up. */
export interface HttpAnswer extends Disposable {
  readonly ok: true;
  readonly address: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The whole body, or undefined when it is longer than that. */
  readonly body: (maxBytes: number) => Promise<{ readonly text: string } | Failure | undefined>;
}

const firstBodyBytes = 16 * 1024;

/** Before the response, a server may say that one will come (100 to 199). */
const mostInterim = 20;

/** Asks once over a connection of its own: no redirects, no proxy, no waiting in a pool. */
export async function requestHttp(question: HttpQuestion, attempt: Attempt): Promise<HttpAnswer | Failure> {
  const { url, ca, isInsecure = false } = question;
  const place = placeOfUrl(url);
  const connected = await connectTo(place, attempt);
  if (!connected.ok) return connected;
  if (url.protocol === 'http:') return send(question, connected, attempt);
  const secured = await secure(connected, { host: place.host, ca, isInsecure }, attempt);
  return secured.ok ? send(question, secured, attempt) : secured;
}

async function send(
  question: HttpQuestion,
  connected: Connected,
  attempt: Attempt,
): Promise<HttpAnswer | Failure> {
  const { address, socket } = connected;
  const { request } = await import('node:http');
  if (socket.destroyed) return failure('reset', `${address} closed the connection`);
  attempt.waitFor('timeout', `connected to ${address}, but no response`);
  const { method, url } = question;
  const asked = request({
    method,
    path: `${url.pathname}${url.search}`,
    // a socket opened by Node would bypass the reasons of `connectTo`
    createConnection: () => socket,
    setDefaultHeaders: false,
  });
  const answered = answerTo(asked, connected, attempt);
  try {
    setHeaders(asked, question);
    asked.end();
  } catch (error) {
    asked.destroy();
    return ours(failure('mismatch', `the request cannot be sent: ${describeError(error)}`));
  }
  return answered;
}

function answerTo(
  asked: ClientRequest,
  connected: Connected,
  attempt: Attempt,
): Promise<HttpAnswer | Failure> {
  const { address } = connected;
  return new Promise((resolve, reject) => {
    const take = (response: IncomingMessage) => resolve(answer(response, connected, attempt));
    // a server may switch protocols without being asked: treat it like any other response
    asked.once('response', take).once('upgrade', take);
    let interimCount = 0;
    asked.on('information', () => {
      interimCount++;
      if (interimCount === mostInterim) {
        resolve(failure('http-protocol', `${address}: the server sends endless interim responses`));
        asked.destroy();
      }
    });
    asked.on('error', (error) => {
      try {
        resolve(attempt.signal.aborted ? attempt.interrupted() : httpFailure(error, address));
      } catch (fault) {
        reject(fault);
      }
    });
    asked.once('close', () => resolve(failure('reset', `${address} closed the connection`)));
  });
}

/** Headers of the target replace the default ones; a repeated header is sent twice. */
function setHeaders(asked: ClientRequest, { url, headers }: HttpQuestion): void {
  const usual = {
    host: url.host,
    'user-agent': 'wait-for',
    accept: '*/*',
    'accept-encoding': 'identity',
    connection: 'close',
  };
  for (const [name, value] of Object.entries(usual)) asked.setHeader(name, value);
  for (const name of new Set(headers.map((header) => header.name))) asked.removeHeader(name);
  for (const { name, value } of headers) asked.appendHeader(name, value);
}

function answer(response: IncomingMessage, connected: Connected, attempt: Attempt): HttpAnswer {
  const { address, socket } = connected;
  return {
    ok: true,
    address,
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: async (maxBytes) => {
      attempt.waitFor('timeout', `${address} answers ${response.statusCode}, but its body does not end`);
      try {
        return await readBody(response, maxBytes);
      } catch (error) {
        return attempt.signal.aborted ? attempt.interrupted() : httpFailure(error, address);
      }
    },
    [Symbol.dispose]: () => socket.destroy(),
  };
}

function httpFailure(error: unknown, address: string): Failure {
  const code = systemCode(error) ?? '';
  if (!/^(HPE|ERR_(?!SSL|TLS|OSSL))/.test(code)) return peerFailure(error, address);
  return failure('http-protocol', `${address}: not an HTTP/1 server (${code})`);
}

function readBody(response: IncomingMessage, maxBytes: number): Promise<{ text: string } | undefined> {
  let body = Buffer.allocUnsafe(Math.min(maxBytes, firstBodyBytes));
  let length = 0;
  const add = (chunk: Buffer) => {
    if (length + chunk.length > body.length) {
      const larger = Buffer.allocUnsafe(Math.min(maxBytes, Math.max(2 * body.length, length + chunk.length)));
      body.copy(larger, 0, 0, length);
      body = larger;
    }
    // a chunk is a view of a whole read, and would keep all of it in memory
    length += chunk.copy(body, length);
  };
  // by events: a loop over the response would make promises for each chunk
  return new Promise((resolve, reject) => {
    response.on('data', (chunk: Buffer) => {
      if (length + chunk.length <= maxBytes) return add(chunk);
      response.destroy();
      resolve(undefined);
    });
    response.on('end', () => resolve({ text: body.toString('utf8', 0, length) }));
    response.on('error', reject);
  });
}
