import { appendFileSync, writeFileSync } from 'node:fs';
import { createLogger } from '@pod-patterns/kit';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { Catalog, type CatalogOptions } from '../src/tail/catalog.ts';
import { digest, type Position, tailLength } from '../src/tail/content.ts';
import { Fence } from '../src/tail/fence.ts';
import type { Generation } from '../src/tail/generation.ts';
import { compileGlob } from '../src/tail/glob.ts';
import { Handles } from '../src/tail/handles.ts';
import { Problems } from '../src/tail/problems.ts';
import type { Remembered } from '../src/tail/resume.ts';
import { Tailer } from '../src/tail/tailer.ts';
import { walk } from '../src/tail/walk.ts';

const silent = createLogger({ component: 'test', level: 'error', format: 'json' });
export const lines = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => `line number ${from + index}\n`).join('');

/** Waits until the next write gets a later file time, even if the kernel's clock counts in jiffies. */
export const fileClockTick = () => new Promise((resolve) => setTimeout(resolve, 20));

/** The position of a sink that has acknowledged everything before `offset`. */
async function positionAt({ source }: Generation, offset: number): Promise<Position> {
  const before = Math.min(tailLength, offset);
  return { offset, parts: 0, tail: digest(await source.range(offset - before, before)) };
}

/** A folder of real files, a catalog of those that match, and a clock that the test moves. */
export async function scene(
  glob = '*.log',
  most = 100,
  { excluded = [], ...others }: Partial<CatalogOptions> & { excluded?: readonly string[] } = {},
) {
  const dir = tempDir();
  const clock = { nowMs: 0 };
  const globs = compileGlob(`${dir.path}/${glob}`);
  const fence = await Fence.around(globs, { followLinks: false, own: [] });
  const problems = new Problems(silent, () => undefined);
  const handles = new Handles({ fence, most, onScarce: () => undefined });
  const options = { sinks: ['sink'], log: silent, handles, problems, now: () => clock.nowMs, ...others };
  const open = () => new Catalog(options);
  let catalog = open();
  const without = excluded.flatMap((name) => compileGlob(`${dir.path}/${name}`));
  const look = async () => catalog.update(await walk(globs, fence, without));
  return {
    ...{ dir, clock, look, problems, handles },
    path: (name: string) => dir.file(name),
    write: (name: string, text: string) => writeFileSync(dir.file(name), text),
    append: (name: string, text: string) => appendFileSync(dir.file(name), text),
    /** Each generation's name, path and size, or `held` in place of the size. */
    shown: () =>
      catalog.generations.map((generation) => {
        const { file, path, size } = generation;
        const base = (name: string) => name.replace(`${dir.path}/`, '');
        return `${base(file)} in ${base(path)}: ${generation.is('readable') || size === 0 ? size : 'held'}`;
      }),
    generations: () => catalog.generations,
    tailer: (onChange: () => void) =>
      new Tailer({ globs, excluded: without, fence, catalog, problems, onChange, now: options.now }),
    beginning: () => catalog.beginning,
    /** Records that the sink has a generation up to `offset`. */
    ship: async (generation: Generation | undefined, offset = generation?.size ?? 0) => {
      if (generation === undefined) throw new Error('no such generation');
      generation.positions.set('sink', await positionAt(generation, offset));
    },
    /** Reads all readable bytes that are not shipped yet, in order, and ships them. */
    read: async () => {
      let text = '';
      for (const generation of catalog.generations) {
        const { source, positions, size } = generation;
        if (!generation.is('readable')) continue;
        const offset = positions.get('sink')?.offset ?? 0;
        text += (await source.range(offset, size - offset)).toString();
        if (size > 0) positions.set('sink', await positionAt(generation, size));
      }
      return text;
    },
    /** Closes the catalog and opens another, which resumes from what the first one knew. */
    restart: async ({ looks = true } = {}): Promise<() => Promise<void>> => {
      const remembered = catalog.generations.map(
        ({ seq, file, realPath, facts, known, positions, inode }): Remembered => ({
          ...{ seq, file, realPath, known, inode, times: facts },
          positions: new Map(positions),
        }),
      );
      await catalog[Symbol.asyncDispose]();
      catalog = open();
      return async () => {
        await catalog.resume(remembered, await walk(globs, fence));
        if (looks) await look();
      };
    },
    async [Symbol.asyncDispose]() {
      await catalog[Symbol.asyncDispose]();
      dir[Symbol.dispose]();
    },
  };
}
