import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { freePort } from '@pod-patterns/kit/testing/free-port';

/** The names in the servers' certificate. */
const serverNames = 'DNS:redis.test,DNS:*.redis.test,IP:127.0.0.1,IP:::1';

/** A certificate authority with certificates for servers and for a client. */
export class Tls {
  readonly #file: (name: string) => string;

  /** Makes all files in this folder, with these names in the servers' certificate. */
  constructor(folder: { readonly path: string; file(name: string): string }, names = serverNames) {
    this.#file = (name) => folder.file(name);
    const run = (...args: string[]) => execFileSync('openssl', args, { cwd: folder.path, stdio: 'ignore' });
    const key = ['-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names'];
    run(
      'req',
      '-x509',
      '-subj',
      '/CN=authority',
      ...key,
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-days',
      '2',
    );
    for (const [name, bears] of [
      ['server', names],
      ['client', 'DNS:client.test'],
    ] as const) {
      run('req', '-subj', `/CN=${name}`, ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`);
      writeFileSync(folder.file('names'), `subjectAltName=${bears}\n`);
      run('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`, '-days', '2');
    }
  }

  get ca(): string {
    return this.#file('ca.pem');
  }

  /** Parameters of a URL that present the client's certificate. */
  get client(): string {
    return `cert=${this.#file('client.pem')}&key=${this.#file('client.key')}`;
  }

  /** Parameters of a URL of several servers. */
  get query(): string {
    return `tls=1&ca=${this.ca}&${this.client}`;
  }

  /** Settings of a server with TLS on this port, for clients and for other servers. */
  settings(port: number): ReadonlyArray<readonly [name: string, value: string]> {
    return [
      ['tls-port', String(port)],
      ['tls-ca-cert-file', this.ca],
      ['tls-cert-file', this.#file('server.pem')],
      ['tls-key-file', this.#file('server.key')],
      ['tls-replication', 'yes'],
    ];
  }
}

/** Address of a server for clients and other servers; the test itself uses a plain port on 127.0.0.1. */
export interface Reach {
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly tls?: Tls;
}

/** The port of a server with this address, and its arguments. */
export async function reachArgs({
  host,
  tls,
}: Reach): Promise<{ tlsPort: number | undefined; args: string[] }> {
  const bind = host === undefined ? [] : ['--bind', '127.0.0.1', host];
  if (tls === undefined) return { tlsPort: undefined, args: bind };
  const tlsPort = await freePort();
  return {
    tlsPort,
    args: [...bind, ...tls.settings(tlsPort).flatMap(([name, value]) => [`--${name}`, value])],
  };
}

/** An address in a URL. */
export function inUrl(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
