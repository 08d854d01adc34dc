import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { images as names } from '../../scripts/packages.ts';

const root = join(import.meta.dirname, '../..');
const pinned = spawnSync(process.execPath, ['scripts/release/pinned-images.ts'], {
  cwd: root,
  encoding: 'utf8',
});
const variables: Record<string, string> = Object.fromEntries(
  pinned.stdout
    .trim()
    .split('\n')
    .map((line) => line.split('=')),
);

interface Target {
  readonly args: Readonly<Record<string, string>>;
  readonly attest?: ReadonlyArray<Readonly<Record<string, string>>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
}

/** The targets of a group that bake would build with only these of our variables. */
function bake(group: string, set: Readonly<Record<string, string>>): Array<[string, Target]> {
  const { NODE_IMAGE: _, RUNTIME_IMAGE: __, SBOM_IMAGE: ___, ...env } = process.env;
  const ran = spawnSync('docker', ['buildx', 'bake', group, '--print'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...env, ...set },
  });
  if (ran.status !== 0) throw new Error(ran.stderr);
  const { target }: { target: Record<string, Target> } = JSON.parse(ran.stdout);
  return Object.entries(target).sort(([a], [b]) => (a < b ? -1 : 1));
}

describe.each([
  ['default', names],
  ['release', names.map((name) => `${name}-published`)],
])('bake %s', (group, expected) => {
  it('builds on the pinned bases with the variables of the release', () => {
    const targets = bake(group, variables);
    expect(targets.map(([name]) => name)).toEqual(expected);
    const { NODE_IMAGE, RUNTIME_IMAGE } = variables;
    expect([NODE_IMAGE, RUNTIME_IMAGE]).toEqual(
      Array(2).fill(expect.stringMatching(/@sha256:[0-9a-f]{64}$/)),
    );
    for (const [, { args }] of targets) expect(args).toMatchObject({ NODE_IMAGE, RUNTIME_IMAGE });
  });

  it('uses the tags of the Dockerfiles without these variables', () => {
    const targets = bake(group, {});
    expect(targets.map(([name]) => name)).toEqual(expected);
    for (const [, { args }] of targets) expect(Object.keys(args).sort()).toEqual(['REVISION', 'VERSION']);
  });
});

it('manifests and compose name exactly the images that bake builds', () => {
  const built = bake('default', { REGISTRY: '' }).flatMap(([, { tags }]) => tags);
  const ours = (text: string) =>
    [...new Set(text.match(/(?<=image: |^)pod-patterns\/\S+$/gm))].sort((a, b) => (a < b ? -1 : 1));
  // the `.env` of `make up` names the images of this checkout
  const compose = ['compose', '--env-file=/dev/null', '--profile=*', 'config', '--images'];
  const { status, stdout } = spawnSync('docker', compose, { cwd: root, encoding: 'utf8' });
  expect({ status, images: ours(stdout) }).toEqual({ status: 0, images: built });
  const manifests = globSync('k8s/**/*.yaml', { cwd: root }).map((file) =>
    readFileSync(join(root, file), 'utf8'),
  );
  expect(ours(manifests.join('\n'))).toEqual(built);
});

it('a published image names its source, and has provenance and an SBOM by the pinned generator', () => {
  const set = {
    ...variables,
    SOURCE: 'https://git.example/own/pod-patterns',
    REGISTRY: 'registry.example/Own/',
  };
  for (const [name, { attest, labels, tags }] of bake('release', set)) {
    expect(labels).toEqual({ 'org.opencontainers.image.source': set.SOURCE });
    expect(attest).toEqual([
      { type: 'sbom', generator: variables['SBOM_IMAGE'] },
      { type: 'provenance', mode: 'max' },
    ]);
    expect(tags).toEqual([
      expect.stringMatching(`^registry.example/own/pod-patterns/${name.replace('-published', '')}:`),
    ]);
  }
});
