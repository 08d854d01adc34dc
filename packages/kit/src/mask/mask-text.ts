import { hidden, isCredentialName, lastName } from './credential-name.ts';
import { isHarmless, maskLogin } from './mask-url.ts';

const header =
  /\b((?:proxy-)?authorization|(?:set-)?cookie|x-[\w-]{0,40}(?:key|token|secret|auth|signature)[\w-]{0,20})(["']?\s{0,4}[:=]\s{0,4}["']?)[^\r\n"']+/gi;
const scheme = /\b(bearer|basic)(\s{1,4})(?=[\w.~+/-]{0,400}[\d=])[\w.~+/=-]{6,}/gi;
const jsonField = /"([\w.-]{1,64})"(\s{0,4}:\s{0,4})"[^"]*"/g;

/**
 * Text that a person reads, without the secrets that it can be seen to hold: logins in URLs, also in broken ones,
 * parameters and fields whose name tells of one, headers. Takes time in proportion to the text, whatever is in it.
 */
export function maskText(text: string): string {
  if (!/[@=:]|bearer|basic/i.test(text)) return text;
  return text
    .replace(header, (_, name: string, between: string) => name + between + hidden)
    .replace(scheme, (_, name: string, blank: string) => name + blank + hidden)
    .replace(jsonField, (field: string, name: string, between: string) =>
      isCredentialName(name) ? `"${name}"${between}"${hidden}"` : field,
    )
    .replace(/[^\s"'`<>]+/g, maskWord);
}

/** All texts in a value, by `maskText` or by the names they have; all but plain objects and arrays stays as it is. */
export function maskTexts(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map(maskTexts);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      typeof item === 'string' && isCredentialName(name) ? hidden : maskTexts(item),
    ]),
  );
}

function maskWord(word: string): string {
  const login = word.includes('@') ? maskLoginIn(word) : word;
  return login.includes('=')
    ? login
        .split(/(?=[?&#])/)
        .map(maskParameters)
        .join('')
    : login;
}

/** `see:redis://app:pw@h`, `app:pw@h`; `me@h` is an address for mail and stays. */
function maskLoginIn(word: string): string {
  const at = word.lastIndexOf('@');
  const slashes = word.indexOf('//');
  const start = slashes >= 0 && slashes < at ? slashes + 2 : 0;
  const login = word.slice(start, at);
  if (start === 0 && !login.includes(':')) return word;
  return word.slice(0, start) + maskLogin(login) + word.slice(at);
}

/** Hides everything after the first name of a secret, because the end of its value is unknown. */
function maskParameters(text: string): string {
  for (let equals = text.indexOf('='); equals >= 0; equals = text.indexOf('=', equals + 1)) {
    const name = lastName(text.slice(Math.max(0, equals - 64), equals));
    const value = text.slice(equals + 1, equals + 2);
    if (isCredentialName(name) && value !== '' && !isHarmless(name, value))
      return text.slice(0, equals + 1) + hidden;
  }
  return text;
}
