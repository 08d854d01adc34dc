import { execFileSync } from 'node:child_process';
import { installed } from '@pod-patterns/kit/testing/needs';

/** Program that makes the certificates. */
export const openssl = installed('openssl');

/** Makes a CA, and certificates signed by it for a server on loopback and for a client, as PEM files. */
export function makeCertificates(folder: string): void {
  const run = (...args: string[]) => execFileSync(openssl.path, args, { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];
  run('req', '-x509', ...key, '-subj', '/CN=test authority', '-keyout', 'ca.key', '-out', 'ca.pem');
  for (const name of ['server', 'client']) {
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-addext', 'subjectAltName=IP:127.0.0.1'];
    run(
      'req',
      '-x509',
      ...key,
      ...by,
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
    );
  }
}
