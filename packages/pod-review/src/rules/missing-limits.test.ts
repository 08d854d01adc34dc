import { container, sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { missingLimits } from './missing-limits.ts';

const withResources = (resources: unknown) =>
  workload({ containers: [container('web', 'example.com/web:1', { resources })] });

testRule(missingLimits, {
  fires: [
    [
      'no resources',
      workload({ containers: [web] }),
      { container: 'web', message: 'web has no cpu request, no memory request, no memory limit' },
    ],
    [
      'no memory limit',
      withResources({ requests: { cpu: '10m', memory: '64Mi' } }),
      { message: 'web has no memory limit' },
    ],
    [
      'a sidecar without resources',
      workload({
        containers: [
          container('web', 'x:1', { resources: { requests: { cpu: 1 }, limits: { memory: '1Gi' } } }),
        ],
        initContainers: [sidecar('s', 'x:1')],
      }),
      { container: 's' },
    ],
  ],
  passes: [
    [
      'the placeholder of Istio’s injection',
      workload({
        containers: [
          container('a', 'b:1', { resources: { limits: { cpu: 1, memory: '1Gi' } } }),
          container('istio-proxy', 'auto'),
        ],
      }),
    ],
    [
      'requests and a memory limit',
      withResources({ requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '96Mi' } }),
    ],
    ['limits alone, which become the requests', withResources({ limits: { cpu: '1', memory: '96Mi' } })],
    [
      'resources at pod level',
      workload({
        containers: [web],
        resources: { requests: { cpu: 1, memory: '1Gi' }, limits: { memory: '1Gi' } },
      }),
    ],
  ],
});
