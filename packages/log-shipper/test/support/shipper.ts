import { join } from 'node:path';
import { RunningProgram, startProgram } from '@pod-patterns/kit/testing/program';

export const entry = join(import.meta.dirname, '../../src/main.ts');

/** Command-line options by flag; a list repeats the flag. */
export type Flags = Readonly<Record<string, string | readonly string[]>>;

/** Starts a shipper with its admin server on a free port of loopback. */
export function startShipper(flags: Flags, env: Readonly<Record<string, string>> = {}): RunningProgram {
  return startProgram(entry, argsOf(flags), env);
}

/** Like `startShipper`, but never as root, for whom permissions do not hold. */
export function startUnprivileged(flags: Flags): RunningProgram {
  if (process.getuid?.() !== 0) return startShipper(flags);
  const user = ['--reuid=65534', '--regid=65534', '--clear-groups'];
  return new RunningProgram('setpriv', [...user, process.execPath, entry, ...argsOf(flags)], {
    LOG_FORMAT: 'json',
  });
}

export function argsOf(flags: Flags): string[] {
  return Object.entries({ 'admin-listen': '127.0.0.1:0', ...flags }).flatMap(([flag, values]) =>
    [values].flat().map((value) => `--${flag}=${value}`),
  );
}

/** Allows for a slow start on a busy machine. */
const startTimeoutMs = 45_000;

/** Waits for the admin server and returns its URL. */
export async function adminUrl(shipper: RunningProgram): Promise<string> {
  const { address } = await shipper.waitForLog('admin port open', { timeoutMs: startTimeoutMs });
  return `http://${String(address)}`;
}

export async function started(shipper: RunningProgram): Promise<RunningProgram> {
  await shipper.waitForLog('started', { timeoutMs: startTimeoutMs });
  return shipper;
}
