import { createLogger } from '@pod-patterns/kit';
import { Catalog } from '../src/tail/catalog.ts';
import { Fence, type FenceOptions } from '../src/tail/fence.ts';
import { globsOf } from '../src/tail/glob.ts';
import { Handles } from '../src/tail/handles.ts';
import { Problems } from '../src/tail/problems.ts';
import type { Remembered } from '../src/tail/resume.ts';
import { walk } from '../src/tail/walk.ts';

const silent = createLogger({ component: 'test', level: 'error', format: 'json' });

/** The tail station alone: the files it reads and the problems it reports. */
export async function tail(patterns: string | string[], options: Partial<FenceOptions> = {}) {
  const globs = globsOf([patterns].flat());
  const fence = await Fence.around(globs, { followLinks: false, own: [], ...options });
  const reasons: string[] = [];
  const problems = new Problems(silent, (reason) => reasons.push(reason));
  const handles = new Handles({ fence, most: 1000, onScarce: () => undefined });
  const catalog = new Catalog({ sinks: ['sink'], log: silent, handles, problems, now: () => 0 });
  const look = async () => {
    const listing = await walk(globs, fence);
    problems.listed(listing.problems, (path) => listing.files.has(path));
    await catalog.update(listing);
  };
  return {
    ...{ catalog, fence, problems, look },
    /** The reason of each problem, once when it begins. */
    reasons,
    resume: async (remembered: Remembered) => catalog.resume([remembered], await walk(globs, fence)),
    texts: async () => {
      await look();
      await look();
      const texts = catalog.generations.map(({ source, size }) => source.range(0, size));
      return (await Promise.all(texts)).map(String).sort();
    },
    [Symbol.asyncDispose]: () => catalog[Symbol.asyncDispose](),
  };
}
