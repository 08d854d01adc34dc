import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { optionTable, type Program } from '@pod-patterns/kit';

/**
 * Writes the option table of every package (`src/options.ts` exports `program`) into its README, between
 * `<!-- options -->` and `<!-- /options -->`. With `--check` it only says which README has drifted, and exits 1.
 */
const root = join(import.meta.dirname, '..');
const isCheck = process.argv.includes('--check');

for (const source of globSync('packages/*/src/options.ts', { cwd: root })) {
  const { program }: { program?: Program } = await import(join(root, source));
  const readme = join(root, dirname(dirname(source)), 'README.md');
  if (program === undefined || !existsSync(readme)) {
    console.error(`docs: ${source}: expected an export named program and a README.md`);
    process.exitCode = 1;
    continue;
  }
  const before = readFileSync(readme, 'utf8');
  const after = before.replace(
    /<!-- options -->[\s\S]*?<!-- \/options -->/,
    () => `<!-- options -->\n${optionTable(program)}\n<!-- /options -->`,
  );
  if (!before.includes('<!-- options -->')) {
    console.error(`docs: ${readme}: has no <!-- options --> section`);
    process.exitCode = 1;
  } else if (before !== after && isCheck) {
    console.error(`docs: ${readme}: option table has drifted; run \`make docs\``);
    process.exitCode = 1;
  } else if (before !== after) {
    writeFileSync(readme, after);
    console.log(`docs: wrote ${readme}`);
  }
}
