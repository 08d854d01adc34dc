import { expect } from 'vitest';
import { sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { hpaCountsSidecars } from './hpa-counts-sidecars.ts';

const pod = workload({ containers: [web], initContainers: [sidecar('shipper', 'fluent/fluent-bit:3.1')] });
const target = { type: 'Utilization', averageUtilization: 70 };
const hpa = (metrics: unknown[] | undefined, name = 'app') => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'app' },
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name }, maxReplicas: 5, metrics },
});

testRule(hpaCountsSidecars, {
  fires: [
    [
      'cpu of the whole pod',
      [pod, hpa([{ type: 'Resource', resource: { name: 'cpu', target } }])],
      { pod: 'HorizontalPodAutoscaler/app', message: expect.stringContaining('shipper') },
    ],
    ['no metric, which is cpu of the whole pod', [pod, hpa(undefined)]],
    [
      'autoscaling/v1',
      [
        pod,
        {
          ...hpa(undefined),
          apiVersion: 'autoscaling/v1',
          spec: {
            scaleTargetRef: { kind: 'Deployment', name: 'app' },
            maxReplicas: 3,
            targetCPUUtilizationPercentage: 70,
          },
        },
      ],
    ],
  ],
  passes: [
    [
      'cpu of the app’s container',
      [
        pod,
        hpa([{ type: 'ContainerResource', containerResource: { name: 'cpu', container: 'web', target } }]),
      ],
    ],
    [
      'a pod without helpers',
      [workload({ containers: [web] }), hpa([{ type: 'Resource', resource: { name: 'cpu', target } }])],
    ],
    ['another target', [pod, hpa([{ type: 'Resource', resource: { name: 'cpu', target } }], 'other')]],
  ],
});
