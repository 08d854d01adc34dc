import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliver } from './deliver.ts';
import type { Outcome, Records } from './sink.ts';

const accepted: Outcome = { kind: 'accepted' };
const retry: Outcome = { kind: 'retry', reason: '503', detail: 'status 503', afterMs: 0 };
const refused: Outcome = { kind: 'refused', reason: '400', detail: 'status 400' };
const tooLarge: Outcome = { kind: 'too-large', detail: 'status 413' };

/** A batch of one-letter records. */
const batchOf = (letters: string) => ({
  count: letters.length,
  slice: (from: number, to: number) => Buffer.from(letters.slice(from, to)),
});

async function run(letters: string, respond: (records: string, attempt: number) => Outcome) {
  const events: string[] = [];
  let attempts = 0;
  await deliver(batchOf(letters), {
    sink: {
      name: 'test',
      send: ({ bytes }: Records) => Promise.resolve(respond(bytes.toString(), attempts++)),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    deadLetter: (record) => {
      events.push(`dead ${record.toString()}`);
      return Promise.resolve();
    },
    events: {
      accepted: ({ bytes, count }) => {
        expect(bytes.length).toBe(count);
        events.push(`ok ${bytes.toString()}`);
      },
      retrying: ({ reason }) => events.push(`retry ${reason}`),
      refused: (reason) => events.push(`refused ${reason}`),
    },
    mostDelayMs: () => 0,
    signal: new AbortController().signal,
  });
  return { events, attempts };
}

describe('deliver', () => {
  it('sends a batch once when all is well', async () => {
    expect(await run('abc', () => accepted)).toEqual({ events: ['ok abc'], attempts: 1 });
  });

  it('sends nothing of an empty batch', async () => {
    expect(await run('', () => accepted)).toEqual({ events: [], attempts: 0 });
  });

  it('tries again until it is taken', async () => {
    const { events } = await run('abc', (_, attempt) => (attempt < 3 ? retry : accepted));
    expect(events).toEqual(['retry 503', 'retry 503', 'retry 503', 'ok abc']);
  });

  it('halves what is too large, and keeps the order', async () => {
    const { events } = await run('abcdefgh', (records) => (records.length > 2 ? tooLarge : accepted));
    expect(events).toEqual(['ok ab', 'ok cd', 'ok ef', 'ok gh']);
  });

  it('gives up a record that is too large alone', async () => {
    const { events } = await run('aXb', (records) => (records.includes('X') ? tooLarge : accepted));
    expect(events).toEqual(['ok a', 'dead X', 'refused too_large', 'ok b']);
  });

  it('finds the bad record, keeps it and goes on with the rest', async () => {
    const { events, attempts } = await run('abcdeXgh', (records) =>
      records.includes('X') ? refused : accepted,
    );
    expect(events).toEqual(['ok abcd', 'ok e', 'dead X', 'refused 400', 'ok gh']);
    expect(attempts).toBe(7);
  });

  it('retries a half as it does a whole', async () => {
    let failures = 0;
    const { events } = await run('abXd', (records) => {
      if (records.includes('X')) return refused;
      return failures++ === 0 ? retry : accepted;
    });
    expect(events).toEqual(['retry 503', 'ok ab', 'dead X', 'refused 400', 'ok d']);
  });

  it('takes each record exactly once, in order, whatever is wrong with them', async () => {
    const kinds = fc.array(fc.constantFrom('g', 'g', 'g', 'g', 'X', 'L'), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(kinds, fc.infiniteStream(fc.boolean()), async (records, luck) => {
        const { events } = await run(records.join(''), (sent) => {
          if (luck.next().value) return retry;
          if (sent.includes('X')) return refused;
          return sent.includes('L') ? tooLarge : accepted;
        });
        const settled = events.flatMap((event) => (/^(ok|dead) /.test(event) ? event.split(' ')[1] : []));
        expect(settled.join('')).toBe(records.join(''));
      }),
    );
  });

  it('ends when it is told to', async () => {
    const controller = new AbortController();
    const delivery = deliver(batchOf('a'), {
      sink: {
        name: 'test',
        send: () => Promise.resolve({ ...retry, afterMs: 60_000 } as const),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      },
      deadLetter: () => Promise.resolve(),
      events: { accepted: () => undefined, retrying: () => controller.abort(), refused: () => undefined },
      mostDelayMs: () => 60_000,
      signal: controller.signal,
    });
    await expect(delivery).rejects.toMatchObject({ name: 'AbortError' });
  });
});
