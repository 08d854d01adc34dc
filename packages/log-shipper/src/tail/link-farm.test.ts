import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tail } from '../../testing/tail.ts';
import { globsOf, matchesGlobs } from './glob.ts';

/** An entry of a random tree: a name, and a file or a link to the entry of that number. */
const entry = fc.record({
  folder: fc.nat(5),
  name: fc.constantFrom('a.log', 'b.log', 'c', 'd', 'e.log', 'f'),
  isOutside: fc.boolean(),
  link: fc.option(fc.record({ to: fc.nat(40), isRelative: fc.boolean(), toFolder: fc.boolean() }), {
    freq: 3,
  }),
});

const folders = ['', 'x', 'y', 'x/y', 'x/.z', 'y/w'];
const patterns = ['*', '*.log', '*/*', '*/*/*.log', '**/*', '**/*.log', '*/**/*', 'x/*', '*/y/*', 'a.log'];

describe('any farm of links', () => {
  it('never exposes a file outside, and hides no file inside', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { maxLength: 25 }),
        fc.constantFrom(...patterns),
        async (entries, pattern) => {
          using dir = tempDir();
          const places = entries.map(({ folder, name, isOutside }) =>
            join(dir.file(isOutside ? 'out' : 'in'), folders[folder] ?? '', name),
          );
          for (const root of ['in', 'out'])
            for (const folder of folders) mkdirSync(dir.file(join(root, folder)), { recursive: true });
          const inside = new Map<string, string>();
          const taken = new Set<string>();
          for (const [index, { link, isOutside }] of entries.entries()) {
            const place = places[index] ?? '';
            if (taken.has(place)) continue;
            taken.add(place);
            if (link === null) {
              const text = `${isOutside ? 'outside' : 'inside'} ${index} ${'.'.repeat(index)}\n`;
              writeFileSync(place, text);
              if (!isOutside) inside.set(place, text);
            } else {
              const named = places[link.to % places.length] ?? '';
              const target = link.toFolder ? dirname(named) : named;
              symlinkSync(link.isRelative ? relative(dirname(place), target) || '.' : target, place);
            }
          }
          await using at = await tail(dir.file(`in/${pattern}`));
          const texts = await at.texts();
          expect(texts.filter((text) => text.startsWith('outside'))).toEqual([]);
          const globs = globsOf([dir.file(`in/${pattern}`)]);
          for (const [path, text] of inside) if (matchesGlobs(globs, path)) expect(texts).toContain(text);
        },
      ),
      { numRuns: 60 },
    );
  });
});
