import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** What pod-review says, as far as it is read here. */
export interface Review {
  readonly pods: ReadonlyArray<{ readonly name: string; readonly kind: string; readonly verdict: string }>;
  readonly findings: ReadonlyArray<{ readonly rule: string; readonly message: string }>;
}

/** What pod-review, the one checker of manifests, finds in files and folders. Throws when it cannot say. */
export function review(...paths: readonly string[]): Review {
  const args = [
    'packages/pod-review/src/main.ts',
    '--format=json',
    '--severity=info',
    '--fail-on=info',
    ...paths,
  ];
  try {
    return JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }));
  } catch (error) {
    // with findings it ends with 1: they say more than the exit code
    const { stdout } = error as { readonly stdout?: string };
    if (stdout?.startsWith('{')) return JSON.parse(stdout);
    throw error;
  }
}
