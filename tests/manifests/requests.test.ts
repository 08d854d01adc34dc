import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { containerRequests, effectiveRequests } from '../../packages/pod-review/src/pod/requests.ts';
import { kustomizations } from './kustomizations.ts';
import { containersOf, goldenPods, type PodManifest } from './manifests.ts';

const readme = join(import.meta.dirname, '../../k8s/README.md');
const section = /(?<=<!-- requests -->\n)[\s\S]*?(?=<!-- \/requests -->)/;

/** A row for each pod that holds more than one container, as the scheduler counts it. */
function table(): string {
  const folders = kustomizations.filter(
    (folder) => folder === 'k8s/app' || folder.startsWith('k8s/patterns/'),
  );
  const rows = folders.flatMap((folder) =>
    goldenPods(folder)
      .filter((pod) => containersOf(pod).length > 1)
      .map((pod) => row(folder.replace('k8s/', ''), pod)),
  );
  return ['| pod | CPU | memory | of which the helpers |', '|---|---|---|---|', ...rows, ''].join('\n');
}

function row(folder: string, pod: PodManifest): string {
  const { cpuMillis, memoryBytes } = effectiveRequests(pod.spec);
  const apps = pod.spec.containers.map(containerRequests);
  const appCpu = apps.reduce((sum, app) => sum + app.cpuMillis, 0);
  const appMemory = apps.reduce((sum, app) => sum + app.memoryBytes, 0);
  const helpers = `${cpuMillis - appCpu}m, ${mebi(memoryBytes - appMemory)}`;
  return `| ${folder}: \`${pod.name}\` | ${cpuMillis}m | ${mebi(memoryBytes)} | ${helpers} |`;
}

const mebi = (bytes: number) => `${bytes / 2 ** 20}Mi`;

/** The rows of a table, however wide a formatter has made them. */
const cells = (text: string) =>
  text.split('\n').map((line) => line.split('|').map((cell) => cell.trim().replace(/^-+$/, '-')));

it("the README's requests are what the scheduler counts", () => {
  const text = readFileSync(readme, 'utf8');
  expect(text).toMatch(section);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(readme, text.replace(section, table()));
  expect(cells(section.exec(readFileSync(readme, 'utf8'))?.[0] ?? '')).toEqual(cells(table()));
});
