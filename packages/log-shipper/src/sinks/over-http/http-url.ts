import { Refusal, readParameters, readUrl } from '@pod-patterns/kit';
import { givenOf, readDuration, readTlsFileNames } from '../settings.ts';
import { type TlsFileNames, tlsFileSettings } from '../tls-files.ts';

/** Settings after the `#` of an HTTP sink's URL; they are never sent. Files are read again when they change. */
export interface HttpSettings extends TlsFileNames {
  readonly compression: Compression;
  /** Time limit for an answer. */
  readonly timeoutMs: number;
  /** A file with a line `Name: value` for each header. */
  readonly headers?: string;
  /** A file with the token for `Authorization: Bearer`. */
  readonly bearer?: string;
  /** A file with `user:password` for `Authorization: Basic`. */
  readonly basic?: string;
}

export type Compression = 'none' | 'gzip' | 'zstd';

/** Address, request settings, and the sink's own settings. */
export interface HttpAddress<Own extends string> {
  readonly url: URL;
  readonly settings: HttpSettings;
  readonly own: ReadonlyMap<Own | SettingName, string>;
}

const compressions: readonly Compression[] = ['none', 'gzip', 'zstd'];
const secretFiles = ['headers', 'bearer', 'basic'] as const;
const settingNames = ['compression', 'timeout', ...secretFiles, ...tlsFileSettings] as const;
type SettingName = (typeof settingNames)[number];

/**
 * Reads `http(s)://host[:port]/path#settings`, after `prefix+` if there is one. A kind may add settings to those of every
 * HTTP sink, and a default compression. Undefined for another kind of sink, a refusal for a faulty URL.
 */
export function readHttpUrl<Own extends string = never>(
  text: string,
  options: { prefix?: string; own?: readonly Own[]; compression?: Compression } = {},
): HttpAddress<Own> | Refusal | undefined {
  const { prefix = '', own = [], compression = 'none' } = options;
  const scheme = prefix === '' ? '' : `${prefix}+`;
  if (!text.toLowerCase().startsWith(scheme)) return undefined;
  const address = text.slice(scheme.length);
  // URL reads `http:logs` as the host `logs`
  if (!/^https?:\/\/[^/]/i.test(address)) return undefined;
  const url = readUrl(address);
  if (!(url instanceof URL)) return url;
  const given = readParameters(url.hash.slice(1), [...settingNames, ...own]);
  if (given instanceof Refusal) return given;
  url.hash = '';
  const settings = readSettings(given, compression);
  return settings instanceof Refusal ? settings : { url, settings, own: given };
}

function readSettings(given: ReadonlyMap<string, string>, usual: Compression): HttpSettings | Refusal {
  const wanted = given.get('compression') ?? usual;
  const compression = compressions.find((one) => one === wanted);
  if (compression === undefined)
    return new Refusal(`compression: expected one of ${compressions.join(', ')}`);
  const timeoutMs = readDuration('timeout', given.get('timeout') ?? '30s');
  if (timeoutMs instanceof Refusal) return timeoutMs;
  if (given.has('bearer') && given.has('basic'))
    return new Refusal('bearer and basic are mutually exclusive');
  const tls = readTlsFileNames(given);
  if (tls instanceof Refusal) return tls;
  return { compression, timeoutMs, ...tls.files, ...Object.fromEntries(givenOf(secretFiles, given)) };
}
