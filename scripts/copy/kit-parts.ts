import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** The parts of kit that a package needs: an `index.ts` that exports them, and their files. */
export interface KitParts {
  readonly index: string;
  /** Paths below kit's folder: `src/errors.ts`, `testing/redis.ts`. */
  readonly files: ReadonlySet<string>;
}

const importFrom = (module: string) =>
  new RegExp(`^(?:import|export)\\s+(type\\s+)?\\{([^}]*)\\}\\s+from\\s+'${module}'`, 'gm');

/** Finds the parts of kit that these sources import, including types. */
export function kitParts(kitFolder: string, sources: readonly string[]): KitParts {
  const names = new Set(sources.flatMap((source) => importedNames(source, '@pod-patterns/kit')));
  const testing = sources.flatMap((source) =>
    [...source.matchAll(/'@pod-patterns\/kit\/testing\/([\w-]+)'/g)].map((match) => `testing/${match[1]}.ts`),
  );
  const index = readFileSync(join(kitFolder, 'src/index.ts'), 'utf8');
  const lines: string[] = [];
  const files = new Set<string>();
  for (const [, type = '', list = '', module = ''] of index.matchAll(
    /^export\s+(type\s+)?\{([^}]*)\}\s+from\s+'([^']+)';/gm,
  )) {
    const wanted = list
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => names.has(entry.replace(/^type /, '')));
    if (wanted.length === 0) continue;
    lines.push(`export ${type}{ ${wanted.join(', ')} } from '${module}';`);
    follow(kitFolder, join('src', module), files);
  }
  for (const file of testing) follow(kitFolder, file, files);
  return { index: `${lines.join('\n')}\n`, files };
}

function importedNames(source: string, module: string): string[] {
  return [...source.matchAll(importFrom(module))].flatMap((match) =>
    (match[2] ?? '')
      .split(',')
      .map(
        (entry) =>
          entry
            .trim()
            .replace(/^type /, '')
            .split(' as ')[0] ?? '',
      )
      .filter((name) => name !== ''),
  );
}

/** Adds a file and everything that it imports by relative paths. */
function follow(kitFolder: string, file: string, files: Set<string>): void {
  if (files.has(file)) return;
  files.add(file);
  const source = readFileSync(join(kitFolder, file), 'utf8');
  for (const [, specifier = ''] of source.matchAll(/from\s+'(\.[^']+)'/g)) {
    follow(kitFolder, normalize(join(dirname(file), specifier)), files);
  }
}
