import { jsonFault } from '../../keys/json-pointer.ts';
import type { Attempt } from '../../probe/attempt.ts';
import type { Files } from '../../probe/files.ts';
import { type Header, type HttpAnswer, requestHttp } from '../../probe/net/http-request.ts';
import { type Failure, failure, type Outcome, ours } from '../../probe/outcome.ts';
import { matchInTime, mostMatchMs } from './match-in-time.ts';
import type { HttpSpec } from './spec.ts';

const maxRedirects = 10;

/** Ready when the response has the expected status, headers and body. */
export async function probeHttp(spec: HttpSpec, attempt: Attempt): Promise<Outcome> {
  const headers = await readHeaders(spec.headers, attempt.surroundings.files);
  if (!Array.isArray(headers)) return headers;
  const first = new URL(spec.url);
  const { ca, isInsecure } = spec;
  let question = { url: first, method: spec.method, headers, ca, isInsecure };
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const answer = await requestHttp(question, attempt);
    if (!answer.ok) return answer;
    using _ = answer;
    const location = spec.redirect === 'follow' ? redirectOf(answer) : undefined;
    if (location === undefined) return await judge(spec, answer, attempt);
    const url = URL.parse(location, question.url.href);
    if (url === null || !/^https?:$/.test(url.protocol)) {
      return failure('http-protocol', `${answer.address} redirects to a URL that is not HTTP`);
    }
    const method = answer.status === 303 && question.method !== 'HEAD' ? 'GET' : question.method;
    // do not send headers for one server to another
    question = { ...question, url, method, headers: url.origin === first.origin ? headers : [] };
  }
  return failure('http-status', `${first.host} redirects more than ${maxRedirects} times`);
}

/** Replaces `@/path` at the end of a value by the content of that file, at each try, because tokens are rotated. */
async function readHeaders(headers: readonly Header[], files: Files): Promise<Header[] | Failure> {
  const read: Header[] = [];
  for (const { name, value } of headers) {
    const [, before = '', path] = /^(.* )?@(\/\S+)$/.exec(value) ?? [];
    if (path === undefined) {
      read.push({ name, value });
      continue;
    }
    const text = await files.readText(path);
    if (typeof text !== 'string') return ours(text);
    const held = text.trim();
    if (held === '') return ours(failure('mismatch', `${path} is empty`));
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(held)) {
      return ours(failure('mismatch', `${path} has characters that a header must not contain`));
    }
    read.push({ name, value: `${before}${held}` });
  }
  return read;
}

function redirectOf({ status, headers }: HttpAnswer): string | undefined {
  return [301, 302, 303, 307, 308].includes(status) ? headers.location : undefined;
}

async function judge(spec: HttpSpec, answer: HttpAnswer, attempt: Attempt): Promise<Outcome> {
  const { status, address, headers } = answer;
  const said = `${address} answers ${status}`;
  if (!spec.status.some(([from, to]) => status >= from && status <= to)) {
    return { ...failure('http-status', said), httpStatus: status };
  }
  for (const { name, value } of spec.expectHeaders) {
    const found = Object.hasOwn(headers, name) ? headers[name] : undefined;
    const isThere = found !== undefined && (value === '' || String(found) === value);
    if (!isThere) return failure('mismatch', `${said}, but without the expected header ${name}`);
  }
  const fault =
    spec.body !== undefined || spec.json.length > 0 ? await bodyFault(spec, answer, attempt) : undefined;
  if (fault === undefined) return { ok: true, detail: said };
  return typeof fault === 'string' ? failure('http-body', `${said}, but its body ${fault}`) : fault;
}

async function bodyFault(
  spec: HttpSpec,
  answer: HttpAnswer,
  attempt: Attempt,
): Promise<string | Failure | undefined> {
  const encoding = answer.headers['content-encoding'] ?? '';
  if (!/^(identity)?$/i.test(encoding)) return `is compressed (${encoding}), which is not supported`;
  const body = await answer.body(spec.maxBodyBytes);
  if (body === undefined) return `is longer than ${spec.maxBodyBytes} bytes`;
  if ('ok' in body) return body;
  if (spec.body !== undefined) {
    attempt.waitFor('timeout', `${answer.address} answers ${answer.status}, but its body was not matched`);
    const isMatch = await matchInTime(spec.body, body.text, attempt);
    if (isMatch === undefined) return `takes more than ${mostMatchMs} ms to match against ${spec.body}`;
    if (!isMatch) return `does not match ${spec.body}`;
  }
  return spec.json.length > 0 ? jsonFault(body.text, spec.json) : undefined;
}
