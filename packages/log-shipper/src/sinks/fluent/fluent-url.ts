import { Refusal, readParameters, readUrl } from '@pod-patterns/kit';
import type { TcpTarget } from '../over-tcp/open-connection.ts';
import { readDuration, readTlsFileNames } from '../settings.ts';
import { type TlsFileNames, tlsFileSettings } from '../tls-files.ts';

/** Settings from the URL of a Forward sink. */
export interface FluentAddress extends TcpTarget {
  readonly isSecure: boolean;
  readonly settings: FluentSettings;
}

export interface FluentSettings extends TlsFileNames {
  readonly tag: string | undefined;
  /** A file with the shared key. */
  readonly sharedKey: string | undefined;
  /** A file with `user:password`. */
  readonly login: string | undefined;
  /** Time limit for an acknowledgement. */
  readonly timeoutMs: number;
}

const own = ['tag', 'shared-key', 'login', 'timeout'] as const;
type SettingName = (typeof own)[number] | keyof TlsFileNames;
const defaultPort = 24_224;

/** Reads `fluent(+tls)://host[:port]#settings`. Undefined for another kind of sink, a refusal for a faulty URL. */
export function readFluentUrl(text: string): FluentAddress | Refusal | undefined {
  const [start, tls] = /^fluent(\+tls)?:\/\/[^/?#]/i.exec(text) ?? [];
  if (start === undefined) return undefined;
  const url = readUrl(text);
  if (!(url instanceof URL)) return url;
  if (url.username !== '' || url.password !== '') {
    return new Refusal('expected the login in a file, as #login=FILE');
  }
  if (!['', '/'].includes(url.pathname) || url.search !== '') {
    return new Refusal('expected only #settings after the port');
  }
  const isSecure = tls !== undefined;
  const names: readonly SettingName[] = isSecure ? [...own, ...tlsFileSettings] : own;
  const given = readParameters(url.hash.slice(1), names);
  if (given instanceof Refusal) return given;
  const settings = readSettings(given);
  if (settings instanceof Refusal) return settings;
  const port = url.port === '' ? defaultPort : Number(url.port);
  return { isSecure, host: url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase(), port, settings };
}

function readSettings(given: ReadonlyMap<SettingName, string>): FluentSettings | Refusal {
  const tag = given.get('tag');
  if (tag !== undefined && !/^[!-~]{1,255}$/.test(tag)) {
    return new Refusal('tag: expected at most 255 printable ASCII characters without spaces');
  }
  const [sharedKey, login] = [given.get('shared-key'), given.get('login')];
  if (login !== undefined && sharedKey === undefined) return new Refusal('login needs shared-key');
  const timeoutMs = readDuration('timeout', given.get('timeout') ?? '30s');
  if (timeoutMs instanceof Refusal) return timeoutMs;
  const tls = readTlsFileNames(given);
  return tls instanceof Refusal ? tls : { tag, sharedKey, login, timeoutMs, ...tls.files };
}
