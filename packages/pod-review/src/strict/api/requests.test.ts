import { expect, it } from 'vitest';
import type { IContainer, IPodSpec } from '../../../types/kubernetes.ts';
import { effectiveRequests } from './requests.ts';

const asking = (name: string, cpu: string, memory: string, more: Partial<IContainer> = {}): IContainer => ({
  name,
  resources: { requests: { cpu, memory } },
  ...more,
});
const always = { restartPolicy: 'Always' };
const mebi = 1024 ** 2;

it.each<[string, IPodSpec, { cpu: number; memory: number }]>([
  [
    'the sum of the apps',
    { containers: [asking('a', '100m', '64Mi'), asking('b', '0.25', '64Mi')] },
    { cpu: 350, memory: 128 * mebi },
  ],
  [
    'the sum of apps and sidecars',
    { containers: [asking('a', '100m', '64Mi')], initContainers: [asking('s', '50m', '32Mi', always)] },
    { cpu: 150, memory: 96 * mebi },
  ],
  [
    'a big init container alone',
    { containers: [asking('a', '100m', '64Mi')], initContainers: [asking('i', '1', '1Gi')] },
    { cpu: 1000, memory: 1024 * mebi },
  ],
  [
    'an init container without the sidecars that come after it',
    {
      containers: [asking('a', '100m', '64Mi')],
      initContainers: [asking('i', '1', '1Gi'), asking('s', '50m', '32Mi', always)],
    },
    { cpu: 1000, memory: 1024 * mebi },
  ],
  [
    'an init container with the sidecars that came before it',
    {
      containers: [asking('a', '100m', '64Mi')],
      initContainers: [asking('s', '50m', '32Mi', always), asking('i', '1', '1Gi')],
    },
    { cpu: 1050, memory: 1056 * mebi },
  ],
  [
    'each resource by its own peak',
    { containers: [asking('a', '2', '64Mi')], initContainers: [asking('i', '1', '1Gi')] },
    { cpu: 2000, memory: 1024 * mebi },
  ],
  [
    'a limit that stands for the request',
    { containers: [{ name: 'a', resources: { limits: { cpu: 1, memory: '64Mi' } } }] },
    { cpu: 1000, memory: 64 * mebi },
  ],
  ['nothing', { containers: [{ name: 'a' }] }, { cpu: 0, memory: 0 }],
  [
    'the overhead of a runtime class',
    { containers: [asking('a', '1', '1Mi')], overhead: { cpu: '250m', memory: '120Mi' } },
    { cpu: 1250, memory: 121 * mebi },
  ],
  [
    'requests of the pod, which stand for those of its containers',
    { containers: [asking('a', '100m', '64Mi')], resources: { requests: { cpu: '2' } } },
    { cpu: 2000, memory: 64 * mebi },
  ],
  [
    'a limit of the pod where no container asks',
    { containers: [{ name: 'a' }], resources: { limits: { memory: '1Gi' } } },
    { cpu: 0, memory: 1024 * mebi },
  ],
  ['less than a unit, rounded up', { containers: [asking('a', '0.0001', '0.5')] }, { cpu: 1, memory: 1 }],
])('counts %s', (_, spec, { cpu, memory }) => {
  expect(effectiveRequests(spec)).toEqual({ cpuMillis: cpu, memoryBytes: memory });
});
