import { expect } from 'vitest';
import type { Random, Step } from './exchanges.ts';
import { RawConnection, request } from './raw-connection.ts';

/** Sends all steps, split anywhere, and checks their replies. */
export async function converse(port: number, steps: readonly Step[], random: Random): Promise<void> {
  using connection = await RawConnection.open(port);
  const bytes = Buffer.concat(steps.map(([words]) => request(...words)));
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + random(random(2) === 0 ? 40 : 20_000);
    connection.send(bytes.subarray(at, at + size));
    at += size;
    await new Promise(setImmediate);
  }
  for (const [words, expected] of steps) {
    if (expected === undefined) continue;
    const reply = await connection.reply();
    const what = `the reply to ${words.join(' ').slice(0, 80)}`;
    if (typeof expected === 'string') expect(reply, what).toBe(expected);
    else expect(reply, what).toMatch(expected);
  }
  expect(connection.frames).toEqual([]);
}
