import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOf, type Spans } from '../batch/spans.ts';
import type { Outcome, Records } from '../sinks/sink.ts';
import { deliver } from './deliver.ts';
import { pauseUntil } from './pause.ts';

const accepted: Outcome = { kind: 'accepted' };
const retry: Outcome = { kind: 'retry', reason: '503', detail: 'status 503', afterMs: 0 };
const refused: Outcome = { kind: 'refused', reason: '400', detail: 'status 400' };
const tooLarge: Outcome = { kind: 'too-large', detail: 'status 413' };

/** A batch of one-letter records. */
const batchOf = (letters: string) => ({
  count: letters.length,
  select: (spans: Spans) => ({
    bytes: Buffer.from(spans.map(({ from, to }) => letters.slice(from, to)).join('')),
    count: countOf(spans),
    groups: [],
  }),
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
        events.push(`ok ${bytes.length === count ? '' : `${count} of `}${bytes.toString()}`);
      },
      retrying: ({ reason }) => events.push(`retry ${reason}`),
      refused: (reason) => events.push(`refused ${reason}`),
    },
    pause: () => Promise.resolve(),
    signal: new AbortController().signal,
  });
  return { events, attempts };
}

describe('deliver', () => {
  it('sends an accepted batch once', async () => {
    expect(await run('abc', () => accepted)).toEqual({ events: ['ok abc'], attempts: 1 });
  });

  it('does not send an empty batch', async () => {
    expect(await run('', () => accepted)).toEqual({ events: [], attempts: 0 });
  });

  it('does not retry a partly accepted batch, and counts the refused records', async () => {
    const outcome = {
      kind: 'partly-accepted',
      refusedCount: 2,
      reason: 'partial',
      detail: 'too old',
    } as const;
    const { events } = await run('abc', () => outcome);
    expect(events).toEqual(['ok 1 of abc', 'refused partial', 'refused partial']);
  });

  it('retries, in order, records rejected for now after the others are accepted', async () => {
    const again = { places: new Set([1, 3]), reason: '429', detail: 'busy' };
    const partly = { kind: 'partly-refused', areOthersAccepted: true, detail: 'bad' } as const;
    const { events } = await run('abcde', (records) => {
      if (records === 'abcde') return { ...partly, refused: new Map([[0, '400']]), again };
      return records === 'bd'
        ? { ...partly, refused: new Map(), again: { ...again, places: new Set([1]) } }
        : accepted;
    });
    expect(events).toEqual([
      ...['dead a', 'refused 400', 'ok ce', 'retry 429'],
      ...['ok b', 'retry 429'],
      'ok d',
    ]);
  });

  it('retries a batch until it is accepted', async () => {
    const { events } = await run('abc', (_, attempt) => (attempt < 3 ? retry : accepted));
    expect(events).toEqual(['retry 503', 'retry 503', 'retry 503', 'ok abc']);
  });

  it('halves a batch that is too large, and keeps the order', async () => {
    const { events } = await run('abcdefgh', (records) => (records.length > 2 ? tooLarge : accepted));
    expect(events).toEqual(['ok ab', 'ok cd', 'ok ef', 'ok gh']);
  });

  it('gives up a single record that is too large', async () => {
    const { events } = await run('aXb', (records) => (records.includes('X') ? tooLarge : accepted));
    expect(events).toEqual(['ok a', 'dead X', 'refused too_large', 'ok b']);
  });

  it('isolates a bad record as a dead letter and continues with the rest', async () => {
    const { events, attempts } = await run('abcdeXgh', (records) =>
      records.includes('X') ? refused : accepted,
    );
    expect(events).toEqual(['ok abcd', 'ok e', 'dead X', 'refused 400', 'ok gh']);
    expect(attempts).toBe(7);
  });

  it('retries a half like a whole batch', async () => {
    let failures = 0;
    const { events } = await run('abXd', (records) => {
      if (records.includes('X')) return refused;
      return failures++ === 0 ? retry : accepted;
    });
    expect(events).toEqual(['retry 503', 'ok ab', 'dead X', 'refused 400', 'ok d']);
  });

  it('settles each record exactly once, in order, for any failures', async () => {
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

  it('sends smaller batches after one that may have been too large', async () => {
    const { events } = await run('abcdefgh', (records) =>
      records.length > 2 ? { ...retry, isTooMuch: true } : accepted,
    );
    expect(events).toEqual(['retry 503', 'retry 503', 'ok ab', 'ok cd', 'retry 503', 'ok ef', 'ok gh']);
  });

  it.each([
    [true, ['ok aceg']],
    [false, ['ok ac', 'ok eg']],
  ])(
    'gives up the records that the sink names, and retries the others unless accepted: %s',
    async (has, rest) => {
      const { events } = await run('abcdefgh', (records) => {
        const named = [...records].flatMap((letter, index) => ('bdfh'.includes(letter) ? [index] : []));
        if (named.length === 0) return accepted;
        const refusals = new Map(named.map((index) => [index, 'bad']));
        return { kind: 'partly-refused', refused: refusals, areOthersAccepted: has, detail: '' };
      });
      const given = [...'bdfh'].flatMap((letter) => [`dead ${letter}`, 'refused bad']);
      expect(events).toEqual([...given, ...rest]);
    },
  );

  it('continues when the sink names every record', async () => {
    const { events } = await run('a', () => ({
      ...{ kind: 'partly-refused', refused: new Map([[0, 'bad']]), areOthersAccepted: true, detail: '' },
    }));
    expect(events).toEqual(['dead a', 'refused bad']);
  });

  it("writes a dead letter in the sink's format", async () => {
    const letters: string[] = [];
    await deliver(batchOf('a'), {
      sink: {
        name: 'test',
        send: () => Promise.resolve(refused),
        letter: ({ bytes }) => Buffer.from(`<${bytes.toString()}>`),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      },
      deadLetter: (record) => Promise.resolve(void letters.push(record.toString())),
      events: { accepted: () => undefined, retrying: () => undefined, refused: () => undefined },
      pause: () => Promise.resolve(),
      signal: new AbortController().signal,
    });
    expect(letters).toEqual(['<a>']);
  });

  it('ends at an abort', async () => {
    const controller = new AbortController();
    const delivery = deliver(batchOf('a'), {
      sink: {
        name: 'test',
        send: () => Promise.resolve({ ...retry, afterMs: 60_000 } as const),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      },
      deadLetter: () => Promise.resolve(),
      events: { accepted: () => undefined, retrying: () => controller.abort(), refused: () => undefined },
      pause: pauseUntil(new AbortController().signal, controller.signal),
      signal: controller.signal,
    });
    await expect(delivery).rejects.toMatchObject({ name: 'AbortError' });
  });
});
