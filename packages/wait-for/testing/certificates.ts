import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { installed } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';

/** PEM files of a CA and of its server certificates, made by openssl for this run. */
export interface Certificates extends Disposable {
  readonly ca: string;
  /** Makes a certificate for these names; `days` may be negative for one that has expired. */
  issue(
    name: string,
    options?: { altNames?: string; days?: number },
  ): { readonly cert: string; readonly key: string };
}

/** Makes the certificates. */
export const openssl = installed('openssl');

/** Makes a CA; its files are removed at the end of the scope. */
export function makeCertificates(): Certificates {
  const dir = tempDir();
  const run = (...args: string[]) => execFileSync(openssl.path, args, { cwd: dir.path, stdio: 'pipe' });
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  run(
    'req',
    '-x509',
    ...ec,
    '-days',
    '30',
    '-subj',
    '/CN=test authority',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  );
  return {
    ca: dir.file('ca.pem'),
    issue: (name, { altNames = 'DNS:localhost,IP:127.0.0.1', days = 30 } = {}) => {
      run('req', '-new', ...ec, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
      writeFileSync(dir.file(`${name}.ext`), `subjectAltName=${altNames}\n`);
      const signer = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${name}.ext`];
      run('x509', '-req', '-in', `${name}.csr`, ...signer, '-days', String(days), '-out', `${name}.pem`);
      return { cert: dir.file(`${name}.pem`), key: dir.file(`${name}.key`) };
    },
    [Symbol.dispose]: () => dir[Symbol.dispose](),
  };
}
