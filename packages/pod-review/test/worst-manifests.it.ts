import { mostSeconds, secondsOf } from '@pod-patterns/kit/testing/seconds';
import { describe, expect, it } from 'vitest';
import { review } from '../src/review.ts';
import { type Data, documents } from '../testing/manifests.ts';

/** At least a megabyte. */
const much = (text: string) => text.repeat(Math.ceil(1_000_000 / text.length));

function secondsToReview(text: string): number {
  return secondsOf(() => review([{ name: 'x.yaml', text }]));
}

/** A pod that says the text wherever it is free to say something. */
function podThatSays(text: string): Data {
  const container = (name: string, more: Data) => ({ name, image: 'redis', args: [text], ...more });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'x', annotations: { 'pod-review/ignore': text, other: text } },
    spec: {
      initContainers: [container('init', { command: ['sh', '-c', `until ${text}`] })],
      containers: [
        container('app', {
          env: [
            { name: 'REDIS_URL', value: text },
            { name: 'LISTEN', value: text },
          ],
        }),
        container('redis-ambassador', { image: `ambassador:${text}`, command: [`--listen=${text}`] }),
        container(text, { startupProbe: { exec: { command: [text] } }, workingDir: text }),
      ],
    },
  };
}

describe.each([
  ...[
    '{{',
    '{{ include',
    '{{ .Values',
    '@\n',
    '--listen=',
    '--bind =',
    '1.',
    ' ',
    'a: b;',
    'localhost: ',
    'a/',
    '"',
  ],
])('a megabyte of %j takes no longer than its length demands', (piece) => {
  it('as a text of a pod', () => {
    expect(secondsToReview(documents([podThatSays(much(piece))]))).toBeLessThan(mostSeconds);
  });

  it('as a file that is not a manifest', () => {
    expect(secondsToReview(much(piece))).toBeLessThan(mostSeconds);
  });
});
