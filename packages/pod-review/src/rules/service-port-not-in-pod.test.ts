import { expect } from 'vitest';
import { container, sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { servicePortNotInPod } from './service-port-not-in-pod.ts';

const service = (targetPort: unknown, selector: Record<string, string> = { app: 'app' }) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector, ports: [{ port: 80, targetPort }] },
});
const pod = workload({ containers: [web] });

testRule(servicePortNotInPod, {
  fires: [
    [
      'a name that no port has',
      [pod, service('web')],
      { pod: 'Service/web', message: expect.stringContaining('Deployment/app') },
    ],
    [
      'a port name of another pod',
      [
        pod,
        workload(
          { containers: [container('b', 'x:1', { ports: [{ name: 'grpc', containerPort: 1 }] })] },
          { name: 'other' },
        ),
        service('grpc'),
      ],
    ],
  ],
  passes: [
    ['the name of the app’s port', [pod, service('http')]],
    [
      'the name of a sidecar’s port',
      [
        workload({
          containers: [web],
          initContainers: [sidecar('s', 'x:1', { ports: [{ name: 'edge', containerPort: 1 }] })],
        }),
        service('edge'),
      ],
    ],
    ['a number, which needs no declaration', [pod, service(9999)]],
    ['a Service of pods that are not in the input', [pod, service('grpc', { app: 'other' })]],
  ],
});
