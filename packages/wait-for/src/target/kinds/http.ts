import { describeError, Refusal, readUrl } from '@pod-patterns/kit';
import { type JsonExpectation, jsonExpectation } from '../json-pointer.ts';
import { defaulted, filePath, list, oneWordOf, optional, type Reader, size, toggle } from '../keys.ts';
import { doubtfulLogin, hasDoubtfulLogin, noFragment } from '../place.ts';
import { type Scheme, scheme } from '../scheme.ts';

/** A header to send or to expect; the name is in small letters. */
export interface Header {
  readonly name: string;
  /** What is sent, or what is expected; `@/path` of a header to send is read from that file at each try. */
  readonly value: string;
}

/** First and last status, both included. */
export type StatusRange = readonly [from: number, to: number];

/** A request, and the response that is wanted. */
export interface HttpSpec {
  readonly type: 'http';
  /** Without the login, which is in `headers`. */
  readonly url: string;
  readonly method: string;
  readonly status: readonly StatusRange[];
  readonly headers: readonly Header[];
  /** An empty value asks only that the header is there. */
  readonly expectHeaders: readonly Header[];
  readonly body: RegExp | undefined;
  readonly json: readonly JsonExpectation[];
  readonly redirect: 'follow' | 'no';
  readonly ca: string | undefined;
  readonly isInsecure: boolean;
  readonly maxBodyBytes: number;
}

const statusList: Reader<readonly StatusRange[]> = {
  expected: 'statuses such as 200-299,401',
  read: (text) => {
    const ranges = text.split(',').map((part): StatusRange | undefined => {
      const match = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(part.trim());
      const from = Number(match?.[1]);
      const to = Number(match?.[2] ?? match?.[1]);
      return match === null || from > to ? undefined : [from, to];
    });
    return ranges.every((range) => range !== undefined) ? ranges : undefined;
  },
};

function header(expected: string, isValueNeeded: boolean): Reader<Header> {
  return {
    expected,
    read: (text) => {
      const match = /^([!#$%&'*+.^_`|~0-9a-z-]+)(?::([\t\x20-\x7e\x80-\xff]*))?$/i.exec(text);
      const [, name, value] = match ?? [];
      if (name === undefined || (isValueNeeded && value === undefined)) return undefined;
      return { name: name.toLowerCase(), value: value?.trim() ?? '' };
    },
  };
}

const bodyPattern: Reader<RegExp> = {
  expected: 'a regular expression',
  read: (text) => {
    try {
      // a line of the body may match, as with grep
      return new RegExp(text, 'm');
    } catch (error) {
      return new Refusal(`not a regular expression: ${describeError(error).replace(/^.*: /s, '')}`);
    }
  },
};

const method: Reader<string> = {
  expected: 'a method such as GET or HEAD',
  read: (text) => (/^[A-Z]{1,20}$/.test(text) && text !== 'CONNECT' ? text : undefined),
};

const keys = {
  method: defaulted(method, 'GET'),
  status: defaulted(statusList, '200-299'),
  header: list(header('NAME:VALUE, or NAME:@/FILE for a value out of a file', true), { isSecret: true }),
  'expect-header': list(header('NAME:VALUE, or NAME alone', false)),
  'body~': optional(bodyPattern),
  'json:': list(jsonExpectation),
  redirect: defaulted(oneWordOf('follow', 'no'), 'follow'),
  ca: optional(filePath),
  insecure: toggle,
  'max-body': defaulted(size, '64KiB'),
};

function httpScheme(name: 'http' | 'https'): Scheme {
  return scheme({
    form: `${name}://HOST[:PORT]/PATH`,
    keys,
    read: (rest, given) => {
      const url = readHttpUrl(name, rest);
      if (typeof url === 'string') return url;
      if (name === 'http' && (given.ca !== undefined || given.insecure)) {
        return 'ca and insecure are for https:// only';
      }
      const login = basicLogin(url);
      const secrets = [...loginOf(url), ...url.searchParams.values(), ...given.header.flatMap(headerSecret)];
      url.username = url.password = '';
      return {
        spec: {
          type: 'http',
          url: url.href,
          method: given.method,
          status: given.status,
          headers: [...login, ...given.header],
          expectHeaders: given['expect-header'],
          body: given['body~'],
          json: given['json:'],
          redirect: given.redirect,
          ca: given.ca,
          isInsecure: given.insecure,
          maxBodyBytes: given['max-body'],
        },
        secrets: secrets.filter((secret) => secret !== ''),
      };
    },
  });
}

function readHttpUrl(name: string, rest: string): URL | string {
  if (!rest.startsWith('//') || /^\/\/[/?#]|^\/\/$/.test(rest)) return 'expected // and a host';
  if (hasDoubtfulLogin(rest.slice(2))) return doubtfulLogin;
  // the parser of browsers would take a backslash for a slash and pass over other oddities
  if (/[\\\s\x00-\x1f]/.test(rest)) return 'is not a URL';
  if (rest.includes('#')) return noFragment;
  const url = readUrl(`${name}:${rest}`) ?? 'is not a URL';
  return url instanceof Refusal ? url.reason : url;
}

function basicLogin(url: URL): Header[] {
  if (url.username === '' && url.password === '') return [];
  const login = `${decodeSafely(url.username)}:${decodeSafely(url.password)}`;
  return [{ name: 'authorization', value: `Basic ${Buffer.from(login).toString('base64')}` }];
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function loginOf(url: URL): string[] {
  const secret = url.password === '' ? url.username : url.password;
  return [secret, decodeSafely(secret), ...basicLogin(url).map(({ value }) => value.slice('Basic '.length))];
}

/** What is not the name of a file is taken for a secret: most that need a header need it for one. */
function headerSecret({ value }: Header): string[] {
  const words = value.split(' ').filter((word) => !word.startsWith('@/'));
  return [words.join(' '), ...words.slice(1)];
}

/** `http://HOST/PATH`. */
export const http = httpScheme('http');
/** `https://`: over TLS, verified. */
export const https = httpScheme('https');
