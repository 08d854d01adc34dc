import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { containerRequests, effectiveRequests } from '../../packages/pod-review/src/strict/api/requests.ts';
import { kustomizations } from './kustomizations.ts';
import { containersOf, goldenPod, goldenPods, type PodManifest } from './manifests.ts';
import { ourName } from './our-programs.ts';

const root = join(import.meta.dirname, '../..');
const readme = join(root, 'k8s/README.md');
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

/** Expects this content in the README between `<!-- name -->` and `<!-- /name -->`; writes it with UPDATE_GOLDEN=1. */
function expectSection(name: string, content: string): void {
  const section = new RegExp(`(?<=<!-- ${name} -->\n)[\\s\\S]*?(?=<!-- /${name} -->)`);
  const text = readFileSync(readme, 'utf8');
  expect(text).toMatch(section);
  const after = isUpdate ? text.replace(section, content) : text;
  if (isUpdate) writeFileSync(readme, after);
  expect(cells(section.exec(after)?.[0] ?? '')).toEqual(cells(content));
}

/** The rows of a table, without the padding of a formatter. */
const cells = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('|').map((cell) => cell.trim().replace(/^-+$/, '-')));

const mebi = (bytes: number) => `${bytes / 2 ** 20}Mi`;

describe('k8s/README.md', () => {
  it('has the requests of each pod, as the scheduler counts them', () => {
    const folders = kustomizations.filter((folder) => /^k8s\/(app|patterns\/.*)$/.test(folder));
    const rows = folders.flatMap((folder) =>
      goldenPods(folder)
        .filter((pod) => containersOf(pod).length > 1)
        .map((pod) => requestsRow(folder.replace('k8s/', ''), pod)),
    );
    const head = ['| pod | CPU | memory | of which the helpers |', '|---|---|---|---|'];
    expectSection('requests', `${[...head, ...rows].join('\n')}\n`);
  });

  it.each([
    { pattern: 'sidecar', pod: 'sidecar', container: 'log-shipper' },
    { pattern: 'adaptor', pod: 'adaptor', container: 'statsd-adaptor' },
    { pattern: 'ambassador', pod: 'ambassador', container: 'redis-ambassador' },
    { pattern: 'rate-limit', pod: 'rate-limit', container: 'nginx' },
  ])('has the cost of the helper of $pattern per replica', ({ pattern, pod, container }) => {
    const helper = containersOf(goldenPod(`k8s/patterns/${pattern}`, pod)).find(
      (placed) => placed.container.name === container,
    );
    const { cpuMillis, memoryBytes } = containerRequests(helper?.container ?? { name: '' });
    const row = readFileSync(readme, 'utf8')
      .split('\n')
      .find((line) => line.startsWith(`| [${pattern}](`));
    expect(row).toContain(`requests ${cpuMillis}m, ${mebi(memoryBytes)}`);
  });
});

function requestsRow(folder: string, pod: PodManifest): string {
  const { cpuMillis, memoryBytes } = effectiveRequests(pod.spec);
  const apps = pod.spec.containers.map(containerRequests);
  const appCpu = apps.reduce((sum, app) => sum + app.cpuMillis, 0);
  const appMemory = apps.reduce((sum, app) => sum + app.memoryBytes, 0);
  const helpers = `${cpuMillis - appCpu}m, ${mebi(memoryBytes - appMemory)}`;
  return `| ${folder}: \`${pod.name}\` | ${cpuMillis}m | ${mebi(memoryBytes)} | ${helpers} |`;
}

interface Results {
  readonly at: string;
  readonly machine: { readonly cpu: string; readonly cpus: number; readonly node: string };
  readonly rows: ReadonlyArray<Readonly<Record<string, string | number>>>;
}

// the last results of `make bench BENCH=pod`, if there are any
const resultsFile = join(root, 'bench/results/pod.json');
if (existsSync(resultsFile)) {
  const { at, machine, rows }: Results = JSON.parse(readFileSync(resultsFile, 'utf8'));

  it('k8s/README.md has the last measured cost of each container', () => {
    const columns = Object.keys(rows[0] ?? {});
    const table = [
      columns,
      columns.map(() => '---'),
      ...rows.map((row) => columns.map((column) => row[column])),
    ];
    const lines = table.map((line) => `| ${line.join(' | ')} |`);
    const how = `Measured by \`make bench BENCH=pod\` on ${at.slice(0, 10)}: ${machine.cpus} × ${machine.cpu}, Node ${machine.node}.`;
    expectSection('cost', `${how}\n\n${lines.join('\n')}\n`);
  });

  const stepMiB = 16;
  const peakMiB = (program: string) =>
    Number(rows.find(({ container }) => container === program)?.['peak working set, MiB']);
  const ours = kustomizations.flatMap((folder) =>
    goldenPods(folder).flatMap((pod) =>
      containersOf(pod).flatMap(({ container }) => {
        const program = ourName(container);
        return program === undefined ? [] : [{ folder, program, container }];
      }),
    ),
  );

  it.each(ours)(
    '$folder requests the measured memory of $program, plus a margin',
    ({ program, container }) => {
      const requestedMiB = containerRequests(container).memoryBytes / 2 ** 20;
      // about a quarter more, because runs differ
      expect(requestedMiB).toBeGreaterThanOrEqual(peakMiB(program) * 1.1);
      expect(requestedMiB).toBeLessThanOrEqual(Math.ceil((peakMiB(program) * 1.5) / stepMiB) * stepMiB);
    },
  );
}
