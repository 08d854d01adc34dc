import { describe, expect, it } from 'vitest';
import { pushedImages } from '../../scripts/release/pushed-images.ts';
import { bakeMetadata, digestOf } from './bake-metadata.ts';

it('names each image without its tag, by the digest that bake wrote', () => {
  expect(pushedImages(bakeMetadata(['web', 'wait-for']))).toEqual([
    {
      local: 'pod-patterns/web',
      name: 'registry.example:5000/own/pod-patterns/web',
      digest: digestOf('web'),
    },
    {
      local: 'pod-patterns/wait-for',
      name: 'registry.example:5000/own/pod-patterns/wait-for',
      digest: digestOf('wait-for'),
    },
  ]);
});

describe('is refused', () => {
  const name = 'registry.example/own/pod-patterns/web:0.1.0';
  it.each([
    ['without a digest', { 'image.name': name }, 'web-published: containerimage.digest ""'],
    [
      'with half a digest',
      { 'image.name': name, 'containerimage.digest': 'sha256:12' },
      'containerimage.digest "sha256:12"',
    ],
    ['without a name', { 'containerimage.digest': digestOf('web') }, 'web-published: image.name ""'],
    [
      'with two tags',
      { 'image.name': `${name},${name}`, 'containerimage.digest': digestOf('web') },
      'expected <registry>/pod-patterns/<name>:<tag>',
    ],
  ])('%s', (_, target, message) => {
    expect(() => pushedImages(JSON.stringify({ 'web-published': target }))).toThrow(message);
  });
});
