import { fileURLToPath } from 'node:url';
import { Refusal, readParameters, readTimerMs, readUrl } from '@pod-patterns/kit';

/** Where records go and how, read from a sink's URL. `name` is the URL without anything secret. */
export type SinkTarget =
  | { readonly kind: 'stdout'; readonly name: string }
  | { readonly kind: 'file'; readonly name: string; readonly path: string }
  | { readonly kind: 'http'; readonly name: string; readonly url: string; readonly settings: HttpSettings }
  | {
      readonly kind: 'loki';
      readonly name: string;
      readonly url: string;
      readonly settings: HttpSettings;
      readonly tenant?: string;
    };

export type Compression = 'none' | 'gzip' | 'zstd';

/** What the part of an HTTP sink's URL behind `#` says; it is never sent. Files are read again when they change. */
export interface HttpSettings {
  readonly compression: Compression;
  /** How long an answer may take. */
  readonly timeoutMs: number;
  /** A file with a line `Name: value` for each header. */
  readonly headers?: string;
  /** A file with the token for `Authorization: Bearer`. */
  readonly bearer?: string;
  /** A file with `user:password` for `Authorization: Basic`. */
  readonly basic?: string;
  /** PEM files: authorities to trust instead of the usual ones, our certificate and its key. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** What `readSinkUrl` understands, for an error's "expected …". */
export const sinkUrlForm =
  'a sink URL: stdout:, file:///path, http://host[:port]/path or https://…, loki+http://host[:port] or loki+https://…';

/** Reads a sink's URL; undefined when it is not of such a form, and a reason when it is nearly. */
export function readSinkUrl(text: string): SinkTarget | Refusal | undefined {
  if (text === 'stdout:' || text === 'stdout://') return { kind: 'stdout', name: 'stdout:' };
  if (/^file:/i.test(text)) return readFileUrl(text);
  const isLoki = lokiScheme.test(text);
  const address = text.replace(lokiScheme, '');
  // URL reads `http:logs` as the host `logs`
  if (!/^https?:\/\/[^/]/i.test(address)) return undefined;
  const url = readUrl(address);
  if (!(url instanceof URL)) return url;
  const given = readParameters(url.hash.slice(1), settingNames);
  if (given instanceof Refusal) return given;
  url.hash = '';
  return isLoki ? readLokiUrl(url, given) : readHttpUrl(url, given);
}

/** What the URL's fragment says, by name. */
type Given = ReadonlyMap<(typeof settingNames)[number], string>;

function readHttpUrl(url: URL, given: Given): SinkTarget | Refusal {
  if (given.has('tenant')) return new Refusal('tenant is for loki+http:// and loki+https:// only');
  const settings = readHttpSettings(given);
  if (settings instanceof Refusal) return settings;
  return { kind: 'http', name: `${url.origin}${url.pathname}`, url: url.href, settings };
}

const lokiScheme = /^loki\+(?=https?:)/i;

/** What Loki allows in a tenant's name. */
const tenantForm = /^[\w!.*'()-]{1,150}$/;

function readLokiUrl(url: URL, given: Given): SinkTarget | Refusal {
  const tenant = given.get('tenant');
  const settings = readHttpSettings(given);
  if (settings instanceof Refusal) return settings;
  if (settings.compression === 'zstd')
    return new Refusal('compression: expected none or gzip: Loki takes no zstd');
  if (tenant !== undefined && !tenantForm.test(tenant)) {
    return new Refusal("tenant: expected at most 150 letters, digits and !-_.*'()");
  }
  if (url.pathname === '/') url.pathname = '/loki/api/v1/push';
  const name = `loki+${url.origin}${url.pathname}${tenant === undefined ? '' : `#tenant=${tenant}`}`;
  return { kind: 'loki', name, url: url.href, settings, ...(tenant === undefined ? {} : { tenant }) };
}

function readFileUrl(text: string): SinkTarget | Refusal {
  const url = URL.parse(text);
  if (!/^file:\/\/\/[^/]/i.test(text) || url === null)
    return new Refusal('expected file:// and an absolute path');
  if (url.hash !== '' || url.search !== '') return new Refusal('a file takes no ? and no #');
  if (url.pathname.endsWith('/')) return new Refusal('expected a file, not a folder');
  try {
    const path = fileURLToPath(url);
    return { kind: 'file', name: `file://${path}`, path };
  } catch {
    return new Refusal('has a % that stands for no letter of a name');
  }
}

const compressions: readonly Compression[] = ['none', 'gzip', 'zstd'];
const fileSettings = ['headers', 'bearer', 'basic', 'ca', 'cert', 'key'] as const;
const settingNames = ['compression', 'timeout', ...fileSettings, 'tenant'] as const;

function readHttpSettings(given: Given): HttpSettings | Refusal {
  const wanted = given.get('compression') ?? 'none';
  const compression = compressions.find((one) => one === wanted);
  if (compression === undefined)
    return new Refusal(`compression: expected one of ${compressions.join(', ')}`);
  const timeoutMs = readTimerMs(given.get('timeout') ?? '30s');
  if (timeoutMs === undefined || timeoutMs === 0) {
    return new Refusal('timeout: expected a duration above 0 such as 250ms, 2s or 5m');
  }
  if (timeoutMs instanceof Refusal) return new Refusal(`timeout: ${timeoutMs.reason}`);
  if (given.has('bearer') && given.has('basic')) return new Refusal('bearer and basic exclude each other');
  if (given.has('cert') !== given.has('key')) return new Refusal('cert and key go together');
  const files = fileSettings.map((name) => [name, given.get(name)] as const);
  return { compression, timeoutMs, ...Object.fromEntries(files.filter(([, file]) => file !== undefined)) };
}
