import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { systemCode } from '@pod-patterns/kit';
import { jsonFault } from '../target/json-pointer.ts';
import type { Header, HttpSpec } from '../target/kinds/http.ts';
import type { Attempt, Probe } from './attempt.ts';
import { type Connected, connectTo } from './connect.ts';
import { type Failure, failure, type Outcome } from './outcome.ts';
import { secure } from './secure.ts';
import { systemFailure } from './system-failure.ts';

const maxRedirects = 10;

/** Ready when the response is as wanted: status, headers, body. */
export const probeHttp: Probe<HttpSpec> = async (spec, attempt) => {
  const headers = await readHeaders(spec.headers);
  if (!Array.isArray(headers)) return headers;
  const first = new URL(spec.url);
  let url = first;
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    // what is meant for one server is not shown to another
    const sent = url.origin === first.origin ? headers : [];
    const answer = await request({ spec, url, headers: sent }, attempt);
    if (!('next' in answer)) return answer;
    url = answer.next;
  }
  return failure('http-status', `${first.host} redirects more than ${maxRedirects} times`);
};

/** An `@/path` at the end of a value is replaced by what that file holds, at each try, as tokens are rotated. */
async function readHeaders(headers: readonly Header[]): Promise<Header[] | Failure> {
  const read: Header[] = [];
  for (const { name, value } of headers) {
    const [, before = '', path] = /^(.* )?@(\/\S+)$/.exec(value) ?? [];
    if (path === undefined) {
      read.push({ name, value });
      continue;
    }
    const text = await readFile(path, 'utf8').catch((error: unknown) => systemFailure(error, path));
    if (typeof text !== 'string') return text;
    read.push({ name, value: `${before}${text.trim()}` });
  }
  return read;
}

interface Asked {
  readonly spec: HttpSpec;
  readonly url: URL;
  readonly headers: readonly Header[];
}

type Answered = Outcome | { readonly next: URL };

async function request({ spec, url, headers }: Asked, attempt: Attempt): Promise<Answered> {
  const isTls = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || (isTls ? 443 : 80);
  const connected = await connectTo({ host, port }, attempt);
  if (!connected.ok) return connected;
  const secured = isTls
    ? await secure(connected, { host, ca: spec.ca, isInsecure: spec.isInsecure }, attempt)
    : connected;
  if (!secured.ok) return secured;
  using _ = secured;
  const response = await send({ spec, url, headers }, secured, attempt);
  if ('ok' in response) return response;
  const location = response.headers.location;
  if (spec.redirect === 'follow' && location !== undefined && isRedirect(response.statusCode)) {
    const next = URL.parse(location, url.href);
    if (next === null || !/^https?:$/.test(next.protocol)) {
      return failure('http-protocol', `${secured.address} redirects to what is not a URL`);
    }
    return { next };
  }
  return judge(spec, response, secured.address);
}

function isRedirect(status = 0): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

async function send(
  { spec, url, headers }: Asked,
  { socket, address }: Connected,
  attempt: Attempt,
): Promise<IncomingMessage | Failure> {
  const http = await import('node:http');
  attempt.waitFor('timeout', `connected to ${address}, but no response`);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage | Failure>();
  const asked = http.request({
    method: spec.method,
    path: `${url.pathname}${url.search}`,
    // what opens a socket of its own would go around the reasons of `connectTo`
    createConnection: () => socket,
    setDefaultHeaders: false,
  });
  asked.setHeader('host', url.host);
  asked.setHeader('user-agent', 'wait-for');
  asked.setHeader('accept', '*/*');
  asked.setHeader('connection', 'close');
  for (const { name, value } of headers) asked.setHeader(name, value);
  asked.once('response', resolve);
  asked.on('error', (error) => {
    try {
      resolve(attempt.signal.aborted ? attempt.interrupted() : httpFailure(error, address));
    } catch (fault) {
      reject(fault);
    }
  });
  asked.end();
  return promise;
}

function httpFailure(error: unknown, address: string): Failure {
  const code = systemCode(error) ?? '';
  if (!code.startsWith('HPE_')) return systemFailure(error, address);
  return failure('http-protocol', `${address}: what answers is not HTTP/1 (${code})`);
}

async function judge(spec: HttpSpec, response: IncomingMessage, address: string): Promise<Outcome> {
  const status = response.statusCode ?? 0;
  if (!spec.status.some(([from, to]) => status >= from && status <= to)) {
    return { ...failure('http-status', `${address} answers ${status}`), httpStatus: status };
  }
  for (const { name, value } of spec.expectHeaders) {
    const found = response.headers[name];
    const isThere = found !== undefined && (value === '' || String(found) === value);
    if (!isThere)
      return failure('mismatch', `${address} answers ${status} without the header ${name} wanted`);
  }
  if (spec.body !== undefined || spec.json.length > 0) {
    const fault = await bodyFault(spec, response);
    if (fault !== undefined)
      return failure('http-body', `${address} answers ${status}, but its body ${fault}`);
  }
  return { ok: true, detail: `${address} answers ${status}` };
}

async function bodyFault(spec: HttpSpec, response: IncomingMessage): Promise<string | undefined> {
  const body = await readBody(response, spec.maxBodyBytes);
  if (body === undefined) return `is longer than ${spec.maxBodyBytes} bytes`;
  if (spec.body !== undefined && !spec.body.test(body)) return `does not match ${spec.body}`;
  return spec.json.length > 0 ? jsonFault(body, spec.json) : undefined;
}

/** Undefined when it is longer than that. */
async function readBody(response: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += chunk.length;
    if (length > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
