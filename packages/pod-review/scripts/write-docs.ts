import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawPods } from '../src/picture/draw-pods.ts';
import { rules } from '../src/rules/index.ts';

/**
 * Writes the parts of the README that come from code, the table of rules and the picture of this repository's own
 * app, and the same picture as `app-pod.svg`. `make docs`; a test fails when
 * they have drifted.
 */
const folder = join(import.meta.dirname, '..');

export const readmeFile = join(folder, 'README.md');
export const pictureFile = join(folder, 'app-pod.svg');

/** The README with its generated parts anew. */
export function renewReadme(before: string): string {
  const parts = { rules: ruleTable(), picture: `\`\`\`mermaid\n${drawApp('mermaid')}\`\`\`` };
  return Object.entries(parts).reduce(
    (text, [name, part]) =>
      text.replace(
        new RegExp(`<!-- ${name} -->[\\s\\S]*?<!-- /${name} -->`),
        () => `<!-- ${name} -->\n${part}\n<!-- /${name} -->`,
      ),
    before,
  );
}

/** The app pod of this repository, as it is applied. */
export function drawApp(format: 'svg' | 'mermaid'): string {
  const file = join(folder, '../../tests/manifests/golden/app.yaml');
  return drawPods([{ name: 'app.yaml', text: readFileSync(file, 'utf8') }], { format, version: '1.33' });
}

function ruleTable(): string {
  const rows = rules.map(
    ({ id, severity, why, link }) => `| [\`${id}\`](${link}) | ${severity} | ${firstSentence(why)} |`,
  );
  return ['| rule | severity | what goes wrong |', '|---|---|---|', ...rows].join('\n');
}

function firstSentence(text: string): string {
  return /^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text;
}

if (import.meta.main) {
  writeFileSync(readmeFile, renewReadme(readFileSync(readmeFile, 'utf8')));
  writeFileSync(pictureFile, drawApp('svg'));
}
