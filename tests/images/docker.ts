import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the Docker command line and waits for it. */
export function docker(...args: readonly string[]): Ran {
  const ran = spawnSync('docker', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  return { status: ran.status, stdout: ran.stdout.trim(), stderr: ran.stderr.trim() };
}

/** Like `docker`, but throws if the command fails. */
export function mustDocker(...args: readonly string[]): string {
  const { status, stdout, stderr } = docker(...args);
  if (status !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** Image names as in `docker buildx bake`, which also reads REGISTRY. */
export function imageOf(name: string): string {
  return `${process.env['REGISTRY'] ?? ''}pod-patterns/${name}:${version}`;
}

/** Restrictions of Pod Security `restricted` and of our manifests, as flags of `docker run`. */
export const restricted = [
  '--read-only',
  '--cap-drop=ALL',
  '--security-opt=no-new-privileges:true',
  '--user=65532:65532',
] as const;
