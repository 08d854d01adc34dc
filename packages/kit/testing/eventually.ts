import { setTimeout as delay } from 'node:timers/promises';

/**
 * Repeats `ask` until it returns a value other than undefined, null or false. For states without an event.
 * @throws the last failure once `timeoutMs` have passed
 */
export async function eventually<Value>(
  ask: () => Value | Promise<Value>,
  { timeoutMs = 30_000, everyMs = 25 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<NonNullable<Value>> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown = new Error('never asked');
  do {
    try {
      const value = await ask();
      if (value !== undefined && value !== null && value !== false) return value;
      last = new Error(`still ${String(value)}`);
    } catch (error) {
      last = error;
    }
    await delay(everyMs);
  } while (performance.now() < deadline);
  throw new Error(`not within ${timeoutMs} ms`, { cause: last });
}
