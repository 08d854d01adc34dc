import { systemCode } from '@pod-patterns/kit';
import type { Attempt } from '../../probe/attempt.ts';

/** Time limit of a match; most take less than 1 ms. */
export const mostMatchMs = 100;

/**
 * Whether an untrusted text matches an expression that backtracks; undefined after the time limit. Without the limit, a
 * search could block all other targets, the timeout and signals for hours.
 */
export async function matchInTime(
  pattern: RegExp,
  text: string,
  { signal, surroundings }: Attempt,
): Promise<boolean | undefined> {
  // few targets look at a body; an engine that is linear by itself would be parsed at each start
  const { runInNewContext } = await import('node:vm');
  let spentMs = 0;
  // a limit counts the time of day: on a busy machine it may be over before the search has begun
  while (spentMs < mostMatchMs && !signal.aborted) {
    const isMatch = await surroundings.turns.take(() => {
      // all that wait for their turn end at once
      if (signal.aborted) return undefined;
      const before = process.threadCpuUsage();
      try {
        return runInNewContext('pattern.test(text)', { pattern, text }, { timeout: mostMatchMs }) === true;
      } catch (error) {
        if (systemCode(error) !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') spentMs = mostMatchMs;
        const { user, system } = process.threadCpuUsage(before);
        spentMs += (user + system) / 1000;
        return undefined;
      }
    });
    if (isMatch !== undefined) return isMatch;
  }
  return undefined;
}
