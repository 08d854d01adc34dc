import type { Attempt } from '../../probe/attempt.ts';

/** How long a match may keep all else waiting; most take less than a millisecond. */
export const mostMatchMs = 100;

/**
 * Whether a text that a stranger wrote matches an expression that backtracks: without an end of its own, a search could
 * hold all other targets, the timeout and signals for hours. Undefined if it was given up.
 */
export async function matchInTime(
  pattern: RegExp,
  text: string,
  { signal, surroundings }: Attempt,
): Promise<boolean | undefined> {
  // few targets look at a body; an engine that is linear by itself would be parsed at each start
  const { runInNewContext } = await import('node:vm');
  return surroundings.turns.take(() => {
    if (signal.aborted) return undefined;
    try {
      return runInNewContext('pattern.test(text)', { pattern, text }, { timeout: mostMatchMs }) === true;
    } catch {
      return undefined;
    }
  });
}
