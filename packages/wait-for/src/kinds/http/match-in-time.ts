/**
 * Whether a text that a stranger wrote matches an expression that backtracks: without an end of its own, a search
 * can hold up all other targets for hours. Undefined if it was given up after `mostMs`.
 */
export async function matchInTime(
  pattern: RegExp,
  text: string,
  mostMs: number,
): Promise<boolean | undefined> {
  // few targets look at a body; an engine that is linear by itself would be parsed at each start
  const { runInNewContext } = await import('node:vm');
  try {
    return runInNewContext('pattern.test(text)', { pattern, text }, { timeout: mostMs }) === true;
  } catch {
    return undefined;
  }
}
