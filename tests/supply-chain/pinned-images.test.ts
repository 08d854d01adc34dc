import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pinnedImages, variablesOf } from '../../scripts/release/pinned-images.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const images = pinnedImages(read('pinned-images.Dockerfile'));
const digest = `sha256:${'0'.repeat(64)}`;

it('every image that a release uses is pinned by digest', () => {
  expect(images.map(({ stage }) => stage)).toEqual(['node', 'runtime', 'buildkit', 'binfmt', 'sbom']);
});

it.each(globSync('packages/*/Dockerfile', { cwd: root }))('%s names the same bases by tag', (file) => {
  const [node, runtime] = images.map(({ image }) => image.replace(/@.*/, ''));
  const bases = read(file).match(/^(ARG \w+_IMAGE=|FROM ).*/gm);
  expect(bases).toEqual([
    `ARG NODE_IMAGE=${node}`,
    `ARG RUNTIME_IMAGE=${runtime}`,
    'FROM $NODE_IMAGE AS init',
    'FROM $NODE_IMAGE AS dependencies',
    'FROM dependencies AS bundle',
    'FROM $RUNTIME_IMAGE',
  ]);
});

it('the workflows and docker-bake.hcl use each of the variables', () => {
  const users = ['.github/workflows/ci.yml', '.github/workflows/release.yml', 'docker-bake.hcl']
    .map(read)
    .join();
  for (const { stage } of images) expect(users).toContain(`${stage.toUpperCase()}_IMAGE`);
});

it('becomes a variable for each image', () => {
  const text = `# a comment\n\nFROM a/b:1@${digest} AS node\nFROM c:2-slim@${digest} AS runtime\n`;
  expect(variablesOf(pinnedImages(text))).toBe(
    `NODE_IMAGE=a/b:1@${digest}\nRUNTIME_IMAGE=c:2-slim@${digest}\n`,
  );
});

describe('a release is refused', () => {
  it.each([
    ['for an image by tag', 'FROM node:24 AS node', 'node:24: expected <name>:<tag>@sha256:'],
    ['for a digest without a tag', `FROM node@${digest} AS node`, `node@${digest}: expected <name>:<tag>@`],
    ['for a short digest', 'FROM node:24@sha256:00 AS node', 'node:24@sha256:00: expected'],
    ['for an image without a name', `FROM node:24@${digest}`, 'expected FROM <image> AS <name>'],
    ['for anything but images', 'RUN true', '"RUN true": expected FROM <image> AS <name>'],
  ])('%s', (_, text, message) => {
    expect(() => pinnedImages(text)).toThrow(message);
  });
});
