import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { optionTable, type Program } from '@pod-patterns/kit';

/**
 * Writes the tables of every package into its README: that of the options (`src/options.ts` exports `program`) between
 * `<!-- options -->` and `<!-- /options -->`, and others that it exports as `tables`, by name, in the same way. With
 * `--check` it only says which README has drifted, and exits 1.
 */
const root = join(import.meta.dirname, '..');
const isCheck = process.argv.includes('--check');

/** What `src/options.ts` may export. */
interface Described {
  readonly program?: Program;
  readonly tables?: Readonly<Record<string, () => string>>;
}

for (const source of globSync('packages/*/src/options.ts', { cwd: root })) {
  const { program, tables = {} }: Described = await import(join(root, source));
  const readme = join(root, dirname(dirname(source)), 'README.md');
  if (program === undefined || !existsSync(readme)) {
    fault(`${source}: expected an export named program and a README.md`);
    continue;
  }
  const before = readFileSync(readme, 'utf8');
  let after = before;
  for (const [name, table] of Object.entries({ options: () => optionTable(program), ...tables })) {
    const section = new RegExp(`<!-- ${name} -->[\\s\\S]*?<!-- /${name} -->`);
    if (!section.test(after)) fault(`${readme}: has no <!-- ${name} --> section`);
    after = after.replace(section, () => `<!-- ${name} -->\n${table()}\n<!-- /${name} -->`);
  }
  if (before === after) continue;
  if (isCheck) fault(`${readme}: its tables have drifted; run \`make docs\``);
  else {
    writeFileSync(readme, after);
    console.log(`docs: wrote ${readme}`);
  }
}

function fault(words: string): void {
  console.error(`docs: ${words}`);
  process.exitCode = 1;
}
