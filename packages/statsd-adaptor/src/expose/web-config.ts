import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { SecureVersion } from 'node:tls';
import { describeError } from '@pod-patterns/kit';
import { type Place, YamlReader } from '../map/yaml-reader.ts';

/** Client certificate policies, under their names in the file. */
const clientAuthTypes = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const;

export interface WebTls {
  readonly cert: string;
  readonly key: string;
  readonly ca: string | undefined;
  readonly clients: (typeof clientAuthTypes)[number];
  readonly minVersion: SecureVersion;
  readonly maxVersion: SecureVersion;
}

/** The contents of a web config file and of the certificates it names. */
export interface WebConfig {
  readonly tls: WebTls | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** bcrypt hashes by user; without users no login is required. */
  readonly users: ReadonlyMap<string, string>;
}

export type LoadedWebConfig =
  | { readonly ok: true; readonly config: WebConfig }
  /** One line each, without secrets. */
  | { readonly ok: false; readonly faults: readonly string[] };

/**
 * Loads a web config file in the format of Prometheus' exporter-toolkit, as strictly. Reports all faults at once,
 * including those of the certificates it names.
 */
export function loadWebConfig(file: string): LoadedWebConfig {
  try {
    const reader = new YamlReader(readFileSync(file, 'utf8'));
    const config = reader.faults.length > 0 ? undefined : readConfig(reader, dirname(file));
    const faults = reader.faults.map(({ line, message }) => `line ${line}: ${message}`);
    return config === undefined || faults.length > 0 ? { ok: false, faults } : { ok: true, config };
  } catch (error) {
    return { ok: false, faults: [describeError(error)] };
  }
}

function readConfig(reader: YamlReader, folder: string): WebConfig {
  const root = reader.fields(reader.root, ['tls_server_config', 'http_server_config', 'basic_auth_users']);
  const tls = root?.get('tls_server_config');
  return {
    tls: reader.isGiven(tls) ? readTls(reader, tls, folder) : undefined,
    headers: readHeaders(reader, root?.get('http_server_config')),
    users: readUsers(reader, root?.get('basic_auth_users')),
  };
}

const versions = { TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const;
const versionNames = ['TLS12', 'TLS13'] as const;
const tlsFields = [
  ...['cert_file', 'key_file', 'client_ca_file', 'client_auth_type', 'min_version', 'max_version'],
  // an option of Go's library, which ignores it too
  'prefer_server_cipher_suites',
];

function readTls(reader: YamlReader, place: Place, folder: string): WebTls | undefined {
  const fields = reader.fields(place, tlsFields);
  const read = (name: string) => readFile(reader, fields?.get(name), folder);
  const [cert, key, ca] = [read('cert_file'), read('key_file'), read('client_ca_file')];
  const clients = reader.word(fields?.get('client_auth_type'), clientAuthTypes) ?? 'NoClientCert';
  if (fields !== undefined && !(fields.has('cert_file') && fields.has('key_file')))
    return reader.fault(place, 'expected cert_file and key_file');
  if (/Verify/.test(clients) && !fields?.has('client_ca_file'))
    return reader.fault(place, `expected client_ca_file, required by ${clients}`);
  if (cert === undefined || key === undefined) return undefined;
  const version = (name: string) => reader.word(fields?.get(name), versionNames, 'strict');
  const minVersion = versions[version('min_version') ?? 'TLS12'];
  const tls = { cert, key, ca, clients, minVersion, maxVersion: versions[version('max_version') ?? 'TLS13'] };
  return checked(reader, place, tls);
}

/** Node's own check, which finds a key of another certificate. Loaded on demand, as it would slow down every start. */
function checked(reader: YamlReader, place: Place, tls: WebTls): WebTls | undefined {
  try {
    const { cert, key, ca, minVersion, maxVersion } = tls;
    process.getBuiltinModule('node:tls').createSecureContext({ cert, key, ca, minVersion, maxVersion });
    return tls;
  } catch (error) {
    return reader.fault(place, describeError(error));
  }
}

function readFile(reader: YamlReader, place: Place | undefined, folder: string): string | undefined {
  const file = reader.text(place);
  if (file === undefined || place === undefined) return undefined;
  try {
    return readFileSync(resolve(folder, file), 'utf8');
  } catch (error) {
    return reader.fault(place, describeError(error));
  }
}

function readHeaders(reader: YamlReader, place: Place | undefined): Record<string, string> {
  // HTTP/2 is never served, whatever the file says
  const server = place === undefined ? undefined : reader.fields(place, ['http2', 'headers']);
  const headers = server?.get('headers');
  const fields = headers === undefined ? undefined : reader.fields(headers, headerNames);
  const values = [...(fields ?? [])].map(([name, field]) => [name, reader.text(field) ?? ''] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== ''));
}

/** Headers that the toolkit knows. */
const headerNames = [
  ...['X-Frame-Options', 'X-Content-Type-Options', 'X-XSS-Protection'],
  ...['Strict-Transport-Security', 'Content-Security-Policy'],
];

/** More than 2^15 rounds would take seconds of CPU per guess. */
const bcryptHash = /^\$2[aby]\$(?:0[4-9]|1[0-5])\$[./A-Za-z0-9]{53}$/;

function readUsers(reader: YamlReader, place: Place | undefined): Map<string, string> {
  const fields = place === undefined ? undefined : reader.fields(place);
  const users = new Map<string, string>();
  for (const [user, field] of fields ?? []) {
    const hash = reader.text(field) ?? '';
    if (bcryptHash.test(hash)) users.set(user, hash);
    else reader.fault(field, 'expected a bcrypt hash with a cost from 4 to 15 (htpasswd -nBC 10 "")');
  }
  return users;
}
