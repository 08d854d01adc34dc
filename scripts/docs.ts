import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { optionTable, type Program } from '@pod-patterns/kit';
import { namingFiles } from './packages.ts';

/**
 * Writes generated texts. Each package's README gets the table of its options (`src/options.ts` exports `program`)
 * between `<!-- options -->` and `<!-- /options -->`, and the exported `tables` by name in the same way. Files that list
 * all packages get their names. With `--check` it only names the files that are out of date, and exits 1.
 */
const root = join(import.meta.dirname, '..');
const isCheck = process.argv.includes('--check');

/** The exports of `src/options.ts`. */
interface Described {
  readonly program?: Program;
  readonly tables?: Readonly<Record<string, () => string>>;
}

function fail(fault: string): void {
  console.error(`docs: ${fault}`);
  process.exitCode = 1;
}

function keep(file: string, write: (text: string) => string): void {
  const before = readFileSync(join(root, file), 'utf8');
  const after = write(before);
  if (before === after) return;
  if (isCheck) {
    fail(`${file}: out of date: run \`make docs\``);
    return;
  }
  writeFileSync(join(root, file), after);
  console.log(`docs: wrote ${file}`);
}

for (const source of globSync('packages/*/src/options.ts', { cwd: root })) {
  const { program, tables = {} }: Described = await import(join(root, source));
  const readme = join(dirname(dirname(source)), 'README.md');
  if (program === undefined || !existsSync(join(root, readme))) {
    fail(`${source}: expected an export named program and a README.md`);
    continue;
  }
  for (const [name, table] of Object.entries({ options: () => optionTable(program), ...tables })) {
    const section = new RegExp(`<!-- ${name} -->[\\s\\S]*?<!-- /${name} -->`);
    if (!section.test(readFileSync(join(root, readme), 'utf8')))
      fail(`${readme}: has no <!-- ${name} --> section`);
    keep(readme, (text) => text.replace(section, () => `<!-- ${name} -->\n${table()}\n<!-- /${name} -->`));
  }
}
for (const [file, write] of namingFiles()) keep(file, write);
