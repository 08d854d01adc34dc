import { hidden, isCredentialName } from './credential-name.ts';

/** Nothing but a scheme, a host and its port, as most are; at each start a program pays for the expressions that it uses. */
const plain = /^[a-z][a-z0-9+.-]{0,31}:\/\/[a-z0-9.-]{1,255}(?::\d{1,5})?$/i;

/**
 * Hides the secrets of a text that is meant to be one URL. It errs on the side of hiding, because it cannot
 * tell a wrong URL from a password with odd characters: all before the last `@` is a login, an invalid port is a
 * password, and only harmless parameters are shown.
 * `redis://app:pw@h:6379/0?db=1&token=x` → `redis://app:***@h:6379/0?db=1&token=***`
 */
export function maskUrl(text: string): string {
  if (plain.test(text)) return text;
  const scheme = /^[a-z][a-z0-9+.-]{0,31}(?::\/{0,3}|\/\/)/i.exec(text)?.[0] ?? '';
  const rest = text.slice(scheme.length);
  // a path, which has no login, and may have an @
  const at = /^(?:file|unix):/i.test(scheme) ? -1 : rest.lastIndexOf('@');
  if (at < 0) return scheme + maskPlace(rest);
  const login = rest.slice(0, at);
  // a ? in a password, or an @ in a query: the rest may be secret either way
  if (/[?#]/.test(login)) return scheme + hidden;
  // without slashes the scheme may be the user, and all that follows the password
  const shown = /[^/]$/.test(scheme) ? hidden : maskLogin(login);
  return `${scheme}${shown}@${maskPlace(rest.slice(at + 1))}`;
}

/** The user's name is shown where it is plainly one: a token often stands in its place. */
export function maskLogin(login: string): string {
  const colon = login.indexOf(':');
  const user = login.slice(0, Math.max(0, colon));
  const isName = /^[\w.-]{0,32}$/.test(user) && colon >= 0 && colon < login.length - 1;
  return isName ? `${user}:${hidden}` : hidden;
}

// the second is an IPv6 address without its brackets, of groups too short for a password
const host = String.raw`(?:(?:\[[0-9a-f:.]*(?:%[\w.]*)?\]|[^:[\]%,]*)(?::\d{0,5})?|(?:[0-9a-f]{0,4}:){2,8}\d{0,5})`;
const hosts = new RegExp(`^${host}(?:,${host})*$`, 'i');

/** `HOST:PORT/PATH?QUERY#FRAGMENT`. */
function maskPlace(place: string): string {
  const end = place.search(/[/?#]/);
  const authority = end < 0 ? place : place.slice(0, end);
  if (hosts.test(authority)) return authority + maskTail(place.slice(authority.length));
  const user = /^[\w.-]{0,32}:/.exec(authority)?.[0] ?? '';
  return user + hidden;
}

function maskTail(tail: string): string {
  const start = tail.search(/[?#]/);
  if (start < 0) return tail;
  const parameters = tail.slice(start).split(/(?=[?&#])/);
  return tail.slice(0, start) + parameters.map(maskParameter).join('');
}

const harmless = new Set(['db', 'user', 'tls', 'sni', 'compression', 'timeout', 'tenant']);
const files = new Set(['ca', 'cert', 'key', 'headers', 'bearer', 'basic']);

/** Whether it is one of our own settings without a secret; the name of a secret's file is not a secret. */
export function isHarmless(name: string, value: string): boolean {
  return harmless.has(name) || (files.has(name) && value.startsWith('/'));
}

/** `&name=value`; without its name where that may be a piece of a secret itself. */
function maskParameter(parameter: string): string {
  const [mark = '', text] = [parameter[0], parameter.slice(1)];
  const equals = text.indexOf('=');
  const name = text.slice(0, Math.max(0, equals));
  if (text === '' || (equals >= 0 && isHarmless(name, text.slice(equals + 1)))) return parameter;
  return mark + (/^[\w.-]+$/.test(name) && isCredentialName(name) ? `${name}=${hidden}` : hidden);
}
