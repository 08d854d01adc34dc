import { execFileSync } from 'node:child_process';
import { installed } from '@pod-patterns/kit/testing/needs';

export const openssl = installed('openssl');

/** Makes NAME.pem and NAME.key in a folder: a certificate for 127.0.0.1 that is its own authority. */
export function makeCertificate(folder: string, name: string): void {
  const args = [
    'req',
    '-x509',
    '-subj',
    `/CN=${name}`,
    '-addext',
    'subjectAltName=IP:127.0.0.1',
    '-days',
    '2',
  ];
  const key = ['-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const out = ['-keyout', `${name}.key`, '-out', `${name}.pem`];
  execFileSync(openssl.path, [...args, ...key, ...out], { cwd: folder, stdio: 'ignore' });
}
