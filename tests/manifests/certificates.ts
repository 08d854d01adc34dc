import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commandBlocks } from '../readme/blocks.ts';

const readme = join(import.meta.dirname, '../../k8s/backends/redis/README.md');

/** The data of a Secret `redis-tls`: an authority and its certificate for Redis. */
export type Certificates = Readonly<Record<'tls.crt' | 'tls.key' | 'ca.crt', string>>;

/** Runs the openssl commands of k8s/backends/redis/README.md; every call creates another authority. */
export function makeCertificates(): Certificates {
  const block = commandBlocks(readFileSync(readme, 'utf8')).find(
    ({ commands, needs }) => needs === undefined && commands.includes('openssl'),
  );
  if (block === undefined) throw new Error('the README shows no openssl commands');
  const output = execFileSync('bash', ['-euo', 'pipefail', '-c', `${block.commands}\npwd`], {
    encoding: 'utf8',
  });
  const folder = output.trim().split('\n').at(-1) ?? '';
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const made = { 'tls.crt': read('tls.crt'), 'tls.key': read('tls.key'), 'ca.crt': read('ca.crt') };
  rmSync(folder, { recursive: true });
  return made;
}
