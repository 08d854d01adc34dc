import { mostSeconds, secondsOf } from '@pod-patterns/kit/testing/seconds';
import { describe, expect, it } from 'vitest';
import { review } from '../src/review.ts';
import { type Data, documents } from '../testing/manifests.ts';

/** At least a megabyte. */
const much = (text: string) => text.repeat(Math.ceil(1_000_000 / text.length));

function secondsToReview(text: string): number {
  return secondsOf(() => review([{ name: 'x.yaml', text }]));
}

/** A pod with the text in every field that takes free text. */
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

/** Containers that the review compares with each other, one entry for each comparison. */
const crowds: Readonly<Record<string, (index: number) => Data>> = {
  'web servers that share a volume': (index) => ({
    name: `c${index}`,
    image: 'nginx:1',
    volumeMounts: [{ name: 'v', mountPath: '/v' }],
  }),
  tools: (index) => ({ name: `c${index}`, image: 'busybox:1', command: ['sh', '-c', 'touch /v/done'] }),
  'servers that call each other': (index) => ({
    name: `c${index}`,
    image: `example.com/c${index}:1`,
    ports: [{ containerPort: index + 1 }],
    env: [{ name: 'NEXT', value: `http://127.0.0.1:${index + 2}` }],
  }),
};

it.each(Object.keys(crowds))(
  '20,000 %s in a Job are reviewed in linear time',
  (of) => {
    const containers = Array.from({ length: 20_000 }, (_, index) => crowds[of]?.(index));
    const spec = { restartPolicy: 'Never', containers, volumes: [{ name: 'v', emptyDir: {} }] };
    const job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'x' },
      spec: { template: { spec } },
    };
    // comparing every pair takes about ten times as long
    expect(secondsToReview(documents([job]))).toBeLessThan(2 * mostSeconds);
  },
  240_000,
);

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
])('a megabyte of %j is reviewed in linear time', (piece) => {
  it('as a text in a pod', () => {
    expect(secondsToReview(documents([podThatSays(much(piece))]))).toBeLessThan(mostSeconds);
  });

  it('as a file that is not a manifest', () => {
    expect(secondsToReview(much(piece))).toBeLessThan(mostSeconds);
  });
});
