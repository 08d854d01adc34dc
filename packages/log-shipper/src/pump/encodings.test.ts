import { describe, expect, it } from 'vitest';
import { sourceScene } from '../../testing/source-scene.ts';

describe('LineSource', () => {
  describe.each(['utf-16le', 'utf-16be'] as const)('in %s', (encoding) => {
    const bytes = (text: string) => {
      const units = Buffer.from(text, 'utf16le');
      return encoding === 'utf-16be' ? units.swap16() : units;
    };
    const utf8 = (text: string) => Buffer.from(text).toString('latin1');

    it.each(['auto', encoding] as const)(
      'finds lines, with offsets in bytes of the file (%s)',
      async (choice) => {
        await using at = sourceScene({ encodingChoice: choice });
        const mark = choice === 'auto' ? '\ufeff' : '';
        const from = mark.length * 2;
        const file = await at.add('a', bytes(`${mark}one\nzwei ä😀\u0a0a\nthr`));
        const { records, batch } = await at.fill();
        expect(records).toEqual([`a@${from} one`, `a@${from + 8} ${utf8('zwei ä😀\u0a0a')}`]);
        expect(batch.marks.get(file)).toMatchObject({ offset: from + 28, parts: 0 });
        expect(batch.sourceBytes).toBe(from + 28);
        await at.append(file, bytes('ee\n'));
        expect((await at.fill()).records).toEqual([`a@${from + 28} three`]);
      },
    );

    it('continues after a restart', async () => {
      await using at = sourceScene({ encodingChoice: encoding });
      const text = `${'ä€'.repeat(200)}\n`;
      const before = await at.add('before', bytes(text));
      const position = (await at.fill()).batch.marks.get(before);
      if (position === undefined) throw new Error('no position was marked');
      await at.add('a', bytes(`${text}three\n`), { seen: new Map([['sink', position]]) });
      expect((await at.fill()).records).toEqual([`a@${text.length * 2} three`]);
    });

    it('waits for the rest of a character', async () => {
      await using at = sourceScene({ encodingChoice: encoding });
      const all = bytes('one\n😀\n');
      const file = await at.add('a', all.subarray(0, 5));
      expect((await at.fill()).records).toEqual([]);
      for (let cut = 5; cut < all.length; cut++) {
        await at.append(file, all.subarray(cut, cut + 1));
        const expected = cut === 7 ? ['a@0 one'] : cut === 13 ? [`a@8 ${utf8('😀')}`] : [];
        expect((await at.fill()).records).toEqual(expected);
      }
    });

    it('splits a line that is longer than the buffer, but no character', async () => {
      await using at = sourceScene({ encodingChoice: encoding, maxLine: 2 * 1024 * 1024 });
      await at.add('a', bytes(`${'x€😀'.repeat(500_000)}\n`));
      const { records } = await at.fill({ bytes: 10_000_000, records: 100 });
      expect(records.length).toBeGreaterThan(1);
      const texts = records.map((record) => record.replace(/^\S+ /, ''));
      expect(Buffer.from(texts.join(''), 'latin1').toString()).toBe('x€😀'.repeat(500_000));
    });

    it('skips NULs left by a writer that does not append', async () => {
      await using at = sourceScene({ encodingChoice: encoding });
      await at.add('a', Buffer.concat([Buffer.alloc(20), bytes('one\n')]), { isRewritten: true });
      expect((await at.fill()).records).toEqual(['a@20 one']);
      expect(at.counts.skipped).toBe(20);
    });
  });

  it('reads latin-1', async () => {
    await using at = sourceScene({ encodingChoice: 'latin-1' });
    await at.add('a', Buffer.from('zwölf\n§\n', 'latin1'));
    expect((await at.fill()).records).toEqual([
      `a@0 ${Buffer.from('zwölf').toString('latin1')}`,
      `a@6 ${Buffer.from('§').toString('latin1')}`,
    ]);
  });
});
