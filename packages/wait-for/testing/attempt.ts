import { Attempt, type Surroundings } from '../src/probe/attempt.ts';
import { Files } from '../src/probe/files.ts';
import type { Outcome } from '../src/probe/outcome.ts';
import { Turns } from '../src/probe/turns.ts';
import { readTargetLine } from '../src/target/read-target.ts';
import type { Target } from '../src/target/target.ts';

/** Reads a target that must be valid. */
export function targetOf(line: string): Target {
  const read = readTargetLine(line, 'test');
  if (!read.ok) throw new Error(read.faults.join('\n'));
  return read.value;
}

/** A machine without DNS servers, service account and environment, except those given. */
export function surroundings(given: Partial<Surroundings> = {}): Surroundings {
  return {
    files: new Files(),
    turns: new Turns(),
    resolvConf: '/nowhere/resolv.conf',
    hosts: '/etc/hosts',
    serviceAccountDir: '/nowhere',
    env: {},
    ...given,
  };
}

/** Tries a target once over the real network of this machine, with a deadline. */
export async function tryOnce(
  line: string,
  { timeoutMs = 5000, ...given }: Partial<Surroundings> & { timeoutMs?: number } = {},
): Promise<Outcome> {
  const attempt = new Attempt(AbortSignal.timeout(timeoutMs), surroundings(given));
  const outcome = await targetOf(line).probe(attempt);
  return attempt.signal.aborted ? attempt.interrupted() : outcome;
}
