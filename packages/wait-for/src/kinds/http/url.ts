import { Refusal, readUrl } from '@pod-patterns/kit';
import type { Header } from '../../probe/net/http-request.ts';
import { doubtfulLogin, hasDoubtfulLogin, noFragment } from '../authority.ts';

/** Reads the part after the colon; a string describes the fault. */
export function readHttpUrl(name: string, rest: string): URL | string {
  if (!rest.startsWith('//') || /^\/\/[/?#]|^\/\/$/.test(rest)) return 'expected // and a host';
  if (hasDoubtfulLogin(rest.slice(2))) return doubtfulLogin;
  // a browser's parser would treat a backslash as a slash and ignore other oddities
  if (/[\\\s\x00-\x1f]/.test(rest)) return 'is not a URL';
  if (rest.includes('#')) return noFragment;
  const url = readUrl(`${name}:${rest}`) ?? 'is not a URL';
  return url instanceof Refusal ? url.reason : url;
}

/** The header for the login of the URL. */
export function basicLogin(url: URL): Header[] {
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

/** Secrets of a login, as written and as sent. */
export function loginSecrets(url: URL): string[] {
  const secret = url.password === '' ? url.username : url.password;
  return [secret, decodeSafely(secret), ...basicLogin(url).map(({ value }) => value.slice('Basic '.length))];
}

/** A header's value is a secret unless it names a file: most headers are for credentials. */
export function headerSecrets({ value }: Header): string[] {
  const words = value.split(' ').filter((word) => !word.startsWith('@/'));
  return [words.join(' '), ...words.slice(1)];
}
