import type { Files } from '../probe/files.ts';
import { readTargetFile } from './read-file.ts';
import { readTargetLine } from './read-target.ts';
import type { Reading } from './reading.ts';
import type { Wanted } from './target.ts';

/** All sources of targets. */
export interface Sources {
  readonly operands: readonly string[];
  /** `WAIT_FOR`: a target a line. */
  readonly variable: string;
  /** Paths of `--file`. */
  readonly paths: readonly string[];
}

const targetsOfFiles = 32;

/** Fault of a command line without any target. */
export const noTarget = 'expected a target; --help shows the forms';

/** Valid targets, and the faults of others. */
export interface Listed {
  readonly wanted: readonly Wanted[];
  readonly faults: readonly string[];
}

/** Reads and combines all sources. */
export async function readSources({ operands, variable, paths }: Sources, files: Files): Promise<Listed> {
  const lines = variable
    .split('\n')
    .map((line, index) => ({ line, origin: `WAIT_FOR line ${index + 1}` }))
    .filter(({ line }) => !/^\s*(#.*)?$/.test(line));
  // the content of files must be guessed: the number of threads is fixed once used
  files.makeRoom(operands.length + lines.length + (paths.length > 0 ? targetsOfFiles : 0));
  const readings: ReadonlyArray<Reading<Wanted> | Reading<readonly Wanted[]>> = [
    ...operands.map((line, index) => readTargetLine(line, `target ${index + 1}`)),
    ...lines.map(({ line, origin }) => readTargetLine(line, origin)),
    ...(await Promise.all(paths.map((path) => readTargetFile(path, files)))),
  ];
  const faults = readings.flatMap((reading) => (reading.ok ? [] : reading.faults));
  const wanted = readings.flatMap((reading) => (reading.ok ? reading.value : []));
  if (wanted.length === 0 && faults.length === 0) faults.push(noTarget);
  return { wanted, faults };
}
