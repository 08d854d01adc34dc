import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The fields of pod-review's report that are read here. */
export interface Review {
  readonly pods: ReadonlyArray<{ readonly name: string; readonly kind: string; readonly verdict: string }>;
  readonly findings: ReadonlyArray<{ readonly rule: string; readonly message: string }>;
}

/** Findings of pod-review in files and folders. @throws Error if pod-review fails */
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
    // it exits with 1 if there are findings, which say more than the exit code
    const { stdout } = error as { readonly stdout?: string };
    if (stdout?.startsWith('{')) return JSON.parse(stdout);
    throw error;
  }
}
