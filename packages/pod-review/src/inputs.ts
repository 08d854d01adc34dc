import { describeError, didYouMean, quote, systemCode } from '@pod-patterns/kit';
import { rules } from './rules/index.ts';
import { findFiles, readSource, type SourceFile } from './strict/load/find-files.ts';

/** Faults of rule ids given by a user, one line each. */
export function wrongRules(ids: readonly string[]): string[] {
  const known = rules.map(({ id }) => id);
  return ids
    .filter((id) => !known.includes(id))
    .map((id) => `${quote(id)}: no such rule${didYouMean(id, known)}; \`pod-review explain\` lists all`);
}

/** Reads the operands. `refuse` ends the program: for paths that do not exist or hold no manifest. */
export function loadFiles(
  paths: readonly string[],
  refuse: (faults: readonly string[]) => never,
): SourceFile[] {
  if (paths.length === 0) refuse(['expected PATH… or - for stdin']);
  const faults: string[] = [];
  const files = paths.flatMap((path) => {
    if (path === '-') return [{ path }];
    try {
      const found = findFiles(path);
      if (found.length === 0) faults.push(`${quote(path)}: contains no *.yaml, *.yml or *.json`);
      return found;
    } catch (error) {
      faults.push(
        `${quote(path)}: ${systemCode(error) === 'ENOENT' ? 'no such file or folder' : describeError(error)}`,
      );
      return [];
    }
  });
  if (faults.length > 0) refuse(faults);
  return [...new Map(files.map((file) => [file.path, file])).values()].map(readSource);
}
