import type { Program } from '@pod-patterns/kit';
import { programs as names } from '../../scripts/packages.ts';

const modules: ReadonlyArray<{ program: Program }> = await Promise.all(
  names.map((name) => import(`../../packages/${name}/src/options.ts`)),
);

/** The description of every program for its users. */
export const programs: readonly Program[] = modules.map(({ program }) => program);
