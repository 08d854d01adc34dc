import { fileURLToPath } from 'node:url';
import { readDurationMs } from '@pod-patterns/kit';

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
  'a sink URL: stdout:, file:///path, http://host[:port]/path or https://…, loki+http://host[:port] or loki+https://…, HTTP with #compression=gzip|zstd&timeout=30s and files headers=, bearer=, basic=, ca=, cert=, key=, Loki with #tenant= and without zstd';

/** Reads a sink's URL; undefined when nothing could be shipped to it. */
export function readSinkUrl(text: string): SinkTarget | undefined {
  if (text === 'stdout:' || text === 'stdout://') return { kind: 'stdout', name: 'stdout:' };
  const isLoki = lokiScheme.test(text);
  const address = text.replace(lokiScheme, '');
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol === 'file:') return readFileUrl(text, url);
  // URL reads `http:logs` as the host `logs`
  if (!/^https?:\/\/[^/]/i.test(address)) return undefined;
  const given = new Map(new URLSearchParams(url.hash.slice(1)));
  url.hash = '';
  return isLoki ? readLokiUrl(url, given) : readHttpUrl(url, given);
}

/** What the URL's fragment says, by name. What is read is taken out: nothing may be left. */
type Given = Map<string, string>;

function readHttpUrl(url: URL, given: Given): SinkTarget | undefined {
  const settings = readHttpSettings(given);
  if (settings === undefined) return undefined;
  return { kind: 'http', name: `${url.origin}${url.pathname}`, url: url.href, settings };
}

const lokiScheme = /^loki\+(?=https?:)/i;

/** What Loki allows in a tenant's name. */
const tenantForm = /^[\w!.*'()-]{1,150}$/;

function readLokiUrl(url: URL, given: Given): SinkTarget | undefined {
  const tenant = given.get('tenant');
  given.delete('tenant');
  const settings = readHttpSettings(given);
  if (settings === undefined || settings.compression === 'zstd') return undefined;
  if (tenant !== undefined && !tenantForm.test(tenant)) return undefined;
  if (url.pathname === '/') url.pathname = '/loki/api/v1/push';
  const name = `loki+${url.origin}${url.pathname}${tenant === undefined ? '' : `#tenant=${tenant}`}`;
  return { kind: 'loki', name, url: url.href, settings, ...(tenant === undefined ? {} : { tenant }) };
}

function readFileUrl(text: string, url: URL): SinkTarget | undefined {
  const isPath = /^file:\/\/\/[^/]/i.test(text) && url.hash === '' && url.search === '';
  if (!isPath || url.pathname.endsWith('/')) return undefined;
  const path = fileURLToPath(url);
  return { kind: 'file', name: `file://${path}`, path };
}

const compressions: readonly Compression[] = ['none', 'gzip', 'zstd'];
const fileSettings = ['headers', 'bearer', 'basic', 'ca', 'cert', 'key'] as const;

function readHttpSettings(given: Given): HttpSettings | undefined {
  const wanted = given.get('compression') ?? 'none';
  const compression = compressions.find((one) => one === wanted);
  const timeoutMs = readDurationMs(given.get('timeout') ?? '30s');
  given.delete('compression');
  given.delete('timeout');
  const files: Partial<Record<(typeof fileSettings)[number], string>> = {};
  for (const name of fileSettings) {
    const file = given.get(name);
    if (file === '') return undefined;
    if (file !== undefined) files[name] = file;
    given.delete(name);
  }
  const isUsable =
    given.size === 0 &&
    compression !== undefined &&
    timeoutMs !== undefined &&
    timeoutMs > 0 &&
    !(files.bearer !== undefined && files.basic !== undefined) &&
    (files.cert === undefined) === (files.key === undefined);
  return isUsable ? { compression, timeoutMs, ...files } : undefined;
}
