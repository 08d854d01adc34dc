import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { promisify } from 'node:util';
import { constants, gzip, zstdCompress } from 'node:zlib';
import { describeError, systemCode } from '@pod-patterns/kit';
import { type HttpAnswer, httpOutcome } from './http-outcome.ts';
import { readHeaderLines, WatchedFile } from './secret-files.ts';
import type { Outcome, Records, Sink } from './sink.ts';
import type { Compression, HttpSettings, SinkTarget } from './sink-url.ts';

const gzipAsync = promisify(gzip);
const zstdAsync = promisify(zstdCompress);
const zstdParams = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Another thread does the work. The lowest levels: they take a log to a tenth, higher ones cost more than they save. */
const compressors: Readonly<Record<Compression, (bytes: Buffer) => Promise<Buffer>>> = {
  none: (bytes) => Promise.resolve(bytes),
  gzip: (bytes) => gzipAsync(bytes, { level: 1 }),
  zstd: (bytes) => zstdAsync(bytes, zstdParams),
};
/** As much of an answer as is kept to say what went wrong. */
const keptAnswerLength = 300;

/** POSTs NDJSON. A 2xx answer is the acknowledgement. */
export class HttpSink implements Sink {
  readonly name: string;
  readonly #url: URL;
  readonly #settings: HttpSettings;
  readonly #authorization: string | undefined;
  readonly #files: ReadonlyMap<keyof HttpSettings, WatchedFile>;
  readonly #agent: HttpAgent;

  constructor({ name, url, settings }: Extract<SinkTarget, { kind: 'http' }>) {
    this.name = name;
    this.#url = new URL(url);
    this.#settings = settings;
    const { username, password } = this.#url;
    this.#authorization =
      username === '' ? undefined : basic(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
    this.#url.username = '';
    this.#url.password = '';
    const { headers, bearer, basic: login, ca, cert, key } = settings;
    const files = Object.entries({ headers, bearer, basic: login, ca, cert, key }).flatMap(
      ([setting, path]) =>
        // the keys are those of the settings just taken apart
        path === undefined ? [] : [[setting as keyof HttpSettings, new WatchedFile(path)] as const],
    );
    this.#files = new Map(files);
    const pool = { keepAlive: true, maxSockets: 1, scheduling: 'lifo' as const };
    this.#agent = this.#url.protocol === 'https:' ? new HttpsAgent(pool) : new HttpAgent(pool);
  }

  async send(records: Records, signal: AbortSignal): Promise<Outcome> {
    let headers: Record<string, string>;
    let tls: Record<string, string>;
    try {
      headers = await this.#headers();
      tls = await this.#tls();
    } catch (error) {
      return { kind: 'retry', reason: 'credentials', detail: describeError(error) };
    }
    const { compression } = this.#settings;
    const body = await compressors[compression](records.bytes);
    if (compression !== 'none') headers['content-encoding'] = compression;
    return this.#attempt({ body, headers, tls, signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy();
  }

  async #attempt(attempt: Attempt): Promise<Outcome> {
    for (let isFirst = true; ; isFirst = false) {
      try {
        const answer = await this.#post(attempt);
        return httpOutcome(answer, Date.now());
      } catch (error) {
        attempt.signal.throwIfAborted();
        const failure = toFailure(error);
        // the server closed a connection that had been idle while we wrote to it: that says nothing about the server
        if (isFirst && failure.wasReused && failure.reason === 'ECONNRESET') continue;
        const { reason, detail, mayHaveArrived } = failure;
        return { kind: 'retry', reason, detail, mayHaveArrived };
      }
    }
  }

  #post({ body, headers, tls, signal }: Attempt): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const isTls = this.#url.protocol === 'https:';
      const send = isTls ? httpsRequest : httpRequest;
      const deadline = AbortSignal.timeout(this.#settings.timeoutMs);
      let isAnswered = false;
      let isConnected = false;
      const post = send(this.#url, {
        method: 'POST',
        agent: this.#agent,
        headers: { ...headers, 'content-length': body.length },
        signal: AbortSignal.any([signal, deadline]),
        ...tls,
      });
      post.on('socket', (socket) => {
        isConnected = !socket.connecting;
        if (isConnected) return;
        // nothing of a request is sent before that
        socket.once(isTls ? 'secureConnect' : 'connect', () => {
          isConnected = true;
        });
      });
      post.on('response', (response) => {
        isAnswered = true;
        readAnswer(response).then(resolve, reject);
      });
      post.on('error', (error) => {
        // an answer can come, and the connection end, before the whole body was taken
        if (isAnswered) return;
        const cause = deadline.aborted ? 'timeout' : error;
        reject(new PostFailure(cause, { wasReused: post.reusedSocket, wasSent: isConnected }));
      });
      post.end(body);
    });
  }

  async #headers(): Promise<Record<string, string>> {
    const own = this.#files.get('headers');
    const bearer = await this.#files.get('bearer')?.text();
    const login = await this.#files.get('basic')?.text();
    const authorization =
      bearer === undefined ? (login === undefined ? this.#authorization : basic(login)) : `Bearer ${bearer}`;
    return {
      'content-type': 'application/x-ndjson',
      'user-agent': 'log-shipper',
      ...(authorization === undefined ? {} : { authorization }),
      ...(own === undefined ? {} : readHeaderLines(await own.text())),
    };
  }

  async #tls(): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const setting of ['ca', 'cert', 'key'] as const) {
      const text = await this.#files.get(setting)?.text();
      if (text !== undefined) found[setting] = text;
    }
    return found;
  }
}

interface Attempt {
  readonly body: Buffer;
  readonly headers: Record<string, string>;
  readonly tls: Record<string, string>;
  readonly signal: AbortSignal;
}

/** An attempt without an answer. */
class PostFailure extends Error {
  readonly reason: string;
  readonly wasReused: boolean;
  /** Whether any of it was sent, so that the server may have taken it. */
  readonly wasSent: boolean;

  constructor(cause: Error | 'timeout', { wasReused, wasSent }: { wasReused: boolean; wasSent: boolean }) {
    super(cause === 'timeout' ? 'no answer in time' : describeError(cause));
    this.reason = cause === 'timeout' ? 'timeout' : (systemCode(cause) ?? 'protocol');
    this.wasReused = wasReused;
    this.wasSent = wasSent;
  }
}

function toFailure(error: unknown) {
  if (error instanceof PostFailure) {
    const { reason, message, wasReused, wasSent } = error;
    return { reason, detail: message, wasReused, mayHaveArrived: wasSent };
  }
  // the answer's body broke off: its status did not count, as nobody says it was meant
  return {
    reason: systemCode(error) ?? 'protocol',
    detail: describeError(error),
    wasReused: false,
    mayHaveArrived: true,
  };
}

async function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  const status = response.statusCode ?? 0;
  let text = '';
  response.setEncoding('utf8');
  try {
    for await (const chunk of response) {
      if (text.length < keptAnswerLength) text = (text + String(chunk)).slice(0, keptAnswerLength);
    }
  } catch (error) {
    // the status has been said; only a success has to be whole
    if (status < 300) throw error;
  }
  return { status, retryAfter: response.headers['retry-after'], text: text.replace(/\s+/g, ' ').trim() };
}

function basic(login: string): string {
  return `Basic ${Buffer.from(login).toString('base64')}`;
}
