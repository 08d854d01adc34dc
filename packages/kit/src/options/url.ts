import { didYouMean } from './nearest.ts';
import { Refusal } from './reader.ts';
import { highestPort, portOutOfRange } from './readers.ts';

/** Parses the URL of a server; undefined if it is not a URL, a reason if only its port is wrong. */
export function readUrl(text: string): URL | Refusal | undefined {
  const url = URL.parse(text);
  if (url !== null) return url.port === '0' ? portOutOfRange(1) : url;
  const place = /^[a-z][a-z0-9+.-]{0,31}:\/\/([^/?#]*)/i.exec(text)?.[1] ?? '';
  const port = /^(?:\[[^\]]*\]|[^:]*):(\d{1,20})$/.exec(place.slice(place.lastIndexOf('@') + 1))?.[1];
  return Number(port) > highestPort ? portOutOfRange(1) : undefined;
}

/**
 * Reads `name=value&…` after the `?` or `#` of a URL. Refuses the first parameter that is unknown, empty or repeated; the
 * rest may be a part of its value and is not read.
 */
export function readParameters<const Name extends string>(
  text: string,
  names: readonly Name[],
): ReadonlyMap<Name, string> | Refusal {
  const given = new Map<Name, string>();
  for (const piece of text.split('&').filter((one) => one !== '')) {
    const [[written = '', value = ''] = []] = [...new URLSearchParams(piece)];
    const name = names.find((known) => known === written);
    if (name === undefined) return unknown(piece, names);
    if (value === '') return new Refusal(`${name} has no value`);
    if (given.has(name)) return new Refusal(`${name} is given twice`);
    given.set(name, value);
  }
  return given;
}

/** Shows the name only if it is unlikely to be part of a password: a plain word before =, and no @ after it. */
function unknown(piece: string, names: readonly string[]): Refusal {
  const [name = ''] = piece.split('=', 1);
  const shown = /^[a-z][a-z_-]{0,15}=[^@]*$/.test(piece) ? `unknown key "${name}"` : 'unknown key';
  const near = didYouMean(name, names);
  return new Refusal(near === '' ? `${shown}: expected one of ${names.join(', ')}` : shown + near);
}
