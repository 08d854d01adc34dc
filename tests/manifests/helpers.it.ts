import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { needs } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { kustomize, render } from './kustomizations.ts';
import type { KubernetesObject } from './manifests.ts';
import { review } from './review.ts';

/** Uses the components of k8s/helpers as others do: by the URL of the repository. */
const root = join(import.meta.dirname, '../..');
const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const helpers = ['wait-for', 'log-shipper', 'statsd-adaptor', 'redis-ambassador'] as const;

/** The present manifests, with the tag of their release. */
const repository = tempDir();
afterAll(() => repository[Symbol.dispose]());

beforeAll(() => {
  cpSync(join(root, 'k8s'), repository.file('k8s'), { recursive: true });
  git('init', '--quiet');
  git('add', '--all');
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '--message', 'as it stands');
  git('tag', `v${version}`);
});

function git(...args: readonly string[]): void {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const { status, stderr } = spawnSync('git', args, { cwd: repository.path, encoding: 'utf8', env });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
}

const urlOf = (helper: string) => `file://${repository.path}//k8s/helpers/${helper}?ref=v${version}`;

/** A folder with a user's manifests and kustomization. */
function folderOf(files: Readonly<Record<string, string>>): ReturnType<typeof tempDir> {
  const folder = tempDir();
  for (const [name, text] of Object.entries(files)) writeFileSync(folder.file(name), text);
  return folder;
}

function kustomizationOf(components: readonly string[], more: object = {}): string {
  // JSON is YAML
  return JSON.stringify({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['shop.yaml'],
    components: components.map(urlOf),
    ...more,
  });
}

const shop = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers: [{name: shop, image: shop:1.4}]
`;

function renderFolder(files: Readonly<Record<string, string>>): KubernetesObject[] {
  using folder = folderOf(files);
  return parseAllDocuments(render('.', folder.path)).map((document) => document.toJS());
}

function deploymentOf(objects: readonly KubernetesObject[]) {
  // of this kind, only what is read here
  return objects.find(({ kind }) => kind === 'Deployment')?.spec as {
    template: {
      spec: { initContainers: ReadonlyArray<{ name: string; image: string; envFrom: unknown[] }> };
    };
  };
}

describe('a component by its URL', needs(kustomize), () => {
  it.each([
    { listed: [...helpers] },
    { listed: [...helpers].reverse() },
    { listed: ['log-shipper', 'wait-for', 'redis-ambassador'] },
  ])('starts first if it is listed last: $listed', ({ listed }) => {
    const { template } = deploymentOf(
      renderFolder({ 'shop.yaml': shop, 'kustomization.yaml': kustomizationOf(listed) }),
    );
    expect(template.spec.initContainers.map(({ name }) => name)).toEqual([...listed].reverse());
  });

  it('uses the namespace, registry and settings of the kustomization that lists it', () => {
    const upstream = 'redis://redis.data.svc:6379';
    const objects = renderFolder({
      'shop.yaml': shop,
      'kustomization.yaml': kustomizationOf(['redis-ambassador'], {
        namespace: 'shop',
        images: [{ name: 'pod-patterns/redis-ambassador', newName: 'registry.example.com/ambassador' }],
        patches: [
          {
            patch: JSON.stringify({
              apiVersion: 'v1',
              kind: 'ConfigMap',
              metadata: { name: 'redis-ambassador' },
              data: { UPSTREAM: upstream },
            }),
          },
        ],
      }),
    });
    const settings = objects.find(({ kind }) => kind === 'ConfigMap');
    expect(settings).toMatchObject({
      metadata: { namespace: 'shop' },
      data: { UPSTREAM: upstream },
      immutable: true,
    });
    expect(deploymentOf(objects).template.spec.initContainers).toMatchObject([
      {
        image: `registry.example.com/ambassador:${version}`,
        envFrom: [{ configMapRef: { name: settings?.metadata.name } }],
      },
    ]);
  });

  it('is not a JSON patch, which fails if a workload has no init containers yet', () => {
    const patch = '- {op: add, path: /spec/template/spec/initContainers/-, value: {name: helper}}';
    const patches = [{ target: { kind: 'Deployment' }, patch }];
    const files = { 'shop.yaml': shop, 'kustomization.yaml': kustomizationOf([], { patches }) };
    expect(() => renderFolder(files)).toThrow('initContainers');
  });
});

/** The blocks of YAML in a section of a README. */
function shownIn(readme: string, heading: string): string[] {
  const text = readFileSync(join(root, readme), 'utf8');
  const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^```yaml\n([\s\S]*?)\n```$/gm)].map(([, yaml = '']) => yaml);
}

/** The example of a package's README: a Deployment, the kustomization and its result. */
function additionIn(helper: string): { before: string; kustomization: string; after: string } {
  const [before = '', kustomization = '', after = ''] = shownIn(
    `packages/${helper}/README.md`,
    'Add it to your Deployment',
  );
  return { before, kustomization, after };
}

const here = (kustomization: string) => kustomization.replaceAll('<repository>', `file://${repository.path}`);

/** Pasted YAML has no hash in its names, and may be edited in place. */
function asPasted(rendered: string): string {
  return rendered
    .replaceAll(new RegExp(`\\b(${helpers.join('|')}|statsd-mapping)-[a-z0-9]{10}$`, 'gm'), '$1')
    .replaceAll(/^immutable: true\n/gm, '');
}

const byKindAndName = (yaml: string) =>
  Object.fromEntries(
    parseAllDocuments(yaml)
      .map((document): KubernetesObject => document.toJS())
      .map((object) => [`${object.kind} ${object.metadata.name}`, object]),
  );

describe.each(helpers)('the README of %s', (helper) => {
  const { before, kustomization, after } = additionIn(helper);

  it('shows the same result with the component and with pasted YAML', needs(kustomize), () => {
    const written = here(kustomization);
    expect(parse(written).components).toEqual([urlOf(helper)]);
    using folder = folderOf({ 'shop.yaml': before, 'kustomization.yaml': written });
    expect(byKindAndName(after)).toEqual(byKindAndName(asPasted(render('.', folder.path))));
  });

  it('shows a result with no new findings of pod-review', () => {
    using folder = folderOf({ 'before.yaml': before, 'after.yaml': after });
    const found = (file: string) => review(folder.file(file)).findings.map(({ message }) => message);
    expect(found('after.yaml')).toEqual(found('before.yaml'));
  });
});

it('k8s/helpers/README.md adds all four helpers, in the order that it describes', needs(kustomize), () => {
  const [kustomization = ''] = shownIn('k8s/helpers/README.md', 'All four');
  const files = { 'shop.yaml': additionIn('log-shipper').before, 'kustomization.yaml': here(kustomization) };
  const { initContainers } = deploymentOf(renderFolder(files)).template.spec;
  expect(initContainers.map(({ name }) => name)).toEqual(helpers);
});
