import { Refusal, readParameters, readUrl } from '@pod-patterns/kit';
import { Endpoint, nameOf, type Reach, withoutBrackets } from './endpoint.ts';
import { defaultPort, readDb, readTls, tlsKeys } from './endpoint-url.ts';

/** A URL with several hosts: `scheme://[user:password@]h1[:p1],h2[:p2]/path?name=value&…`. */
export interface HostsUrl<Name extends string> {
  readonly hosts: readonly Endpoint[];
  /** Login, database and TLS for the Redis servers. */
  readonly reach: Reach;
  /** The decoded path after the first `/`. */
  readonly path: string;
  readonly query: ReadonlyMap<Name | (typeof commonKeys)[number], string>;
}

const commonKeys = ['tls', ...tlsKeys] as const;
const parts = /^[a-z-]+:\/\/(?:([^@/?#]*)@)?([^@/?#]*)([^#]*)(#?)/i;

/** Rules for such a URL, apart from TLS parameters. */
interface Form<Name extends string> {
  readonly names: readonly Name[];
  /** Default port. */
  readonly port?: number;
}

/** Reads such a URL. Undefined for another form; a refusal for a faulty URL of this form. */
export function readHostsUrl<const Name extends string>(
  text: string,
  form: Form<Name>,
): HostsUrl<Name> | Refusal | undefined {
  try {
    return readParts(text, form);
  } catch {
    return new Refusal('has a % that is not followed by two hexadecimal digits');
  }
}

/** @throws URIError for a malformed % escape */
function readParts<const Name extends string>(
  text: string,
  { names, port = defaultPort }: Form<Name>,
): HostsUrl<Name> | Refusal | undefined {
  const [, login = '', list = '', rest = '', hash] = parts.exec(text) ?? [];
  if (hash === '#') return new Refusal('must not contain #');
  const url = readUrl(`redis://${login === '' ? '' : `${login}@`}x${rest}`);
  if (list === '' || !(url instanceof URL)) return undefined;
  const query = readParameters(url.search.slice(1), [...commonKeys, ...names]);
  if (query instanceof Refusal) return query;
  const reach = readReach(url, query);
  if (reach instanceof Refusal) return reach;
  const hosts = list.split(',').map((host) => readHost(host, reach, port));
  const wrong = hosts.find((host) => !(host instanceof Endpoint));
  if (wrong instanceof Refusal) return wrong;
  const endpoints = hosts.filter((host) => host instanceof Endpoint);
  if (endpoints.length < hosts.length) return undefined;
  const twice = endpoints.find(({ name }, at) => endpoints.findIndex((one) => one.name === name) < at);
  if (twice !== undefined) return new Refusal(`${twice.name} is given twice`);
  return { hosts: endpoints, path: decodeURIComponent(url.pathname.slice(1)), reach, query };
}

function readReach(url: URL, query: ReadonlyMap<string, string>): Reach | Refusal {
  const tls = readTls(query);
  if (tls instanceof Refusal) return tls;
  const db = readDb(query.get('db') ?? '0');
  if (db instanceof Refusal) return db;
  const user = decodeURIComponent(url.username) || undefined;
  return { tls, user, password: decodeURIComponent(url.password) || undefined, db };
}

function readHost(text: string, reach: Reach, port: number): Endpoint | Refusal | undefined {
  const url = readUrl(`redis://${text}`);
  if (!(url instanceof URL)) return url;
  if (url.hostname === '' || url.pathname !== '') return undefined;
  const address = { host: withoutBrackets(url.hostname), port: Number(url.port || port) };
  return new Endpoint({ ...reach, address });
}

/** Formats such a URL without secrets, with the given parameters. */
export function showHostsUrl(
  scheme: string,
  { hosts, reach, path }: Pick<HostsUrl<never>, 'hosts' | 'reach' | 'path'>,
  parameters: Readonly<Record<string, string | undefined>> = {},
): string {
  const login = reach.user === undefined ? '' : `${encodeURIComponent(reach.user)}@`;
  const shown = Object.entries({ tls: reach.tls && '1', ...parameters }).filter(([, value]) => value);
  const query = shown.map(([name, value]) => `${name}=${value}`).join('&');
  const list = hosts.map(({ address }) => nameOf(address)).join(',');
  return `${scheme}://${login}${list}${path === '' ? '' : `/${encodeURIComponent(path)}`}${query && `?${query}`}`;
}
