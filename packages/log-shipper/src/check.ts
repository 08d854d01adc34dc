import { resolve } from 'node:path';
import { quote } from '@pod-patterns/kit';
import type { ShipperConfig } from './options.ts';
import { readRules } from './settings/read-rules.ts';
import { type Glob, globsOf, isBroken, matchesGlobs } from './tail/glob.ts';

/** Finds faults in combinations of valid options, one line each. */
export function findFaults(
  config: Pick<
    ShipperConfig,
    'paths' | 'excludePaths' | 'config' | 'sink' | 'label' | 'deadLetter' | 'stateDir'
  >,
): string[] {
  const faults: string[] = [];
  const globs = globsOf(config.paths);
  if (globs.length === 0)
    faults.push(`--paths ${quote(config.paths.join(','))}: expected a path or a pattern`);
  const excluded = globsOf(config.excludePaths);
  for (const [flag, { source }] of [...named('--paths', globs), ...named('--exclude-paths', excluded)]) {
    faults.push(`${flag} ${quote(source)}: invalid range in brackets: expected low to high, such as [a-z]`);
  }
  const names = config.sink.map(({ name }) => name);
  for (const name of new Set(names.filter((one, index) => names.indexOf(one) !== index))) {
    faults.push(`--sink ${quote(name)}: given more than once`);
  }
  const { rules, faults: ruleFaults } = readRules(config.config, names);
  const all = rules.map(({ settings, pathLabels }) => [
    ...config.label,
    ...Object.entries(settings.labels ?? {}),
    ...(pathLabels?.names ?? []).map((name) => [name, ''] as const),
  ]);
  const found = [config.label, ...all].flatMap((labels) =>
    config.sink.flatMap((target) => target.findLabelFaults?.(labels) ?? []),
  );
  faults.push(...ruleFaults, ...new Set(found));
  for (const { flag, value, path } of writtenFiles(config)) {
    if (matchesGlobs(globs, path) && !matchesGlobs(excluded, path)) {
      faults.push(`${flag} ${quote(value)}: expected a path that --paths does not match`);
    }
  }
  return faults;
}

function named(flag: string, globs: readonly Glob[]): Array<readonly [string, Glob]> {
  return globs.filter(isBroken).map((glob) => [flag, glob] as const);
}

interface WrittenFile {
  readonly flag: string;
  readonly value: string;
  readonly path: string;
}

/** The files that the shipper itself writes. Reading them would never end. */
export function writtenFiles({
  sink,
  deadLetter,
  stateDir,
}: Pick<ShipperConfig, 'sink' | 'deadLetter' | 'stateDir'>): WrittenFile[] {
  const files = sink.flatMap(({ name, writes }) =>
    writes === undefined ? [] : [{ flag: '--sink', value: name, path: resolve(writes) }],
  );
  if (deadLetter !== undefined) {
    files.push({ flag: '--dead-letter', value: deadLetter, path: resolve(deadLetter) });
  }
  return [...files, { flag: '--state-dir', value: stateDir, path: resolve(stateDir, 'checkpoint') }];
}
