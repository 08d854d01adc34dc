import { expect, it } from 'vitest';
import { container, sidecar } from '../../testing/manifests.ts';
import type { IPodSpec } from '../../types/kubernetes.ts';
import { gracePeriodSeconds, startOrder, stopOrder } from './orders.ts';

const spec = {
  containers: [container('web', 'w:1'), container('worker', 'w:1')],
  initContainers: [
    container('wait-for', 'x:1'),
    sidecar('shipper', 'x:1'),
    container('migrate', 'x:1'),
    sidecar('ambassador', 'x:1'),
  ],
} as unknown as IPodSpec; // as `decode` gives it

it('starts init entries one by one in list order, then all apps together', () => {
  expect(startOrder(spec)).toEqual([
    ['wait-for'],
    ['shipper'],
    ['migrate'],
    ['ambassador'],
    ['web', 'worker'],
  ]);
});

it('stops all apps together, then the sidecars in reverse list order', () => {
  expect(stopOrder(spec)).toEqual([['web', 'worker'], ['ambassador'], ['shipper']]);
});

it('has no empty groups in a pod without containers', () => {
  expect([startOrder({ containers: [] }), stopOrder({ containers: [] })]).toEqual([[], []]);
});

it('gives a pod 30 s by default', () => {
  expect([
    gracePeriodSeconds(spec),
    gracePeriodSeconds({ ...spec, terminationGracePeriodSeconds: 0 }),
  ]).toEqual([30, 0]);
});
