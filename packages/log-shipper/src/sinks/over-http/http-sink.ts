import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { promisify } from 'node:util';
import { constants, gzip, zstdCompress } from 'node:zlib';
import { describeError } from '@pod-patterns/kit';
import { readHeaderLines, WatchedFile } from '../secret-files.ts';
import type { Outcome, Records, Sink } from '../sink.ts';
import { TlsFiles } from '../tls-files.ts';
import type { HttpForm } from './http-form.ts';
import type { Compression, HttpSettings } from './http-url.ts';
import { PostFailure, post } from './post.ts';

const gzipAsync = promisify(gzip);
const zstdAsync = promisify(zstdCompress);
const zstdParams = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Runs in another thread. The lowest levels shrink logs to a tenth; higher ones cost more than they save. */
const compressors: Readonly<Record<Compression, (bytes: Buffer) => Promise<Buffer>>> = {
  none: (bytes) => Promise.resolve(bytes),
  gzip: (bytes) => gzipAsync(bytes, { level: 1 }),
  zstd: (bytes) => zstdAsync(bytes, zstdParams),
};

export interface HttpTarget {
  readonly name: string;
  readonly url: URL;
  readonly settings: HttpSettings;
}

/** POSTs records in the form of a backend, which also interprets the answers. */
export class HttpSink implements Sink {
  readonly name: string;
  readonly #form: HttpForm;
  readonly #url: URL;
  readonly #settings: HttpSettings;
  readonly #authorization: string | undefined;
  readonly #files: ReadonlyMap<keyof HttpSettings, WatchedFile>;
  readonly #tls: TlsFiles;
  readonly #agent: HttpAgent;

  constructor({ name, url, settings }: HttpTarget, form: HttpForm) {
    this.name = name;
    this.#form = form;
    this.#url = new URL(url); // its login goes into a header
    this.#settings = settings;
    const { username, password } = this.#url;
    this.#authorization =
      username === '' ? undefined : basic(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
    this.#url.username = '';
    this.#url.password = '';
    this.#tls = new TlsFiles(settings);
    const { headers, bearer, basic: login } = settings;
    const files = Object.entries({ headers, bearer, basic: login }).flatMap(([setting, path]) =>
      // the keys are those of the settings just split off
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
      tls = await this.#tls.read();
    } catch (error) {
      return { kind: 'retry', reason: 'credentials', detail: describeError(error) };
    }
    const { compression, timeoutMs } = this.#settings;
    const body = await compressors[compression](this.#form.body(records));
    if (compression !== 'none') headers['content-encoding'] = compression;
    try {
      const answer = await post({
        url: this.#url,
        agent: this.#agent,
        headers,
        tls,
        body,
        timeoutMs,
        keptBytes: this.#form.keptBytes,
        signal,
      });
      return this.#form.outcome(answer, records, Date.now());
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof PostFailure)) throw error;
      const { reason, message: detail, wasSent: mayHaveArrived, wasStale } = error;
      // a lost idle connection says nothing about the server: retry at once on a new one
      return { kind: 'retry', reason, detail, mayHaveArrived, afterMs: wasStale ? 0 : undefined };
    }
  }

  letter(record: Records): Buffer {
    return this.#form.letter?.(record) ?? this.#form.body(record);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy();
  }

  async #headers(): Promise<Record<string, string>> {
    const own = this.#files.get('headers');
    const bearer = await this.#files.get('bearer')?.text();
    const login = await this.#files.get('basic')?.text();
    const authorization =
      bearer === undefined ? (login === undefined ? this.#authorization : basic(login)) : `Bearer ${bearer}`;
    return {
      'user-agent': 'log-shipper',
      ...this.#form.headers,
      ...(authorization === undefined ? {} : { authorization }),
      ...(own === undefined ? {} : readHeaderLines(await own.text())),
    };
  }
}

function basic(login: string): string {
  return `Basic ${Buffer.from(login).toString('base64')}`;
}
