import { expect } from 'vitest';
import { httpGet, sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { appWithoutReadinessProbe } from './app-without-readiness-probe.ts';

const service = (targetPort: unknown = 'http', selector: Record<string, string> = { app: 'app' }) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector, ports: [{ port: 80, targetPort }] },
});
const ready = { ...web, readinessProbe: httpGet('http') };

testRule(appWithoutReadinessProbe, {
  fires: [
    [
      'an app behind a Service',
      [workload({ containers: [web] }), service()],
      { container: 'web', message: expect.stringContaining('Service web') },
    ],
    [
      'a proxy behind a Service',
      [
        workload({
          containers: [ready],
          initContainers: [sidecar('proxy', 'nginx:1.27', { ports: [{ containerPort: 8000 }] })],
        }),
        service(8000),
      ],
      { container: 'proxy' },
    ],
  ],
  passes: [
    ['an app with a readiness probe', [workload({ containers: [ready] }), service()]],
    ['an app without a Service', [workload({ containers: [web] }), service('http', { app: 'other' })]],
    [
      'a helper without a Service',
      [
        workload({
          containers: [ready],
          initContainers: [sidecar('s', 'x:1', { ports: [{ containerPort: 9 }] })],
        }),
        service(),
      ],
    ],
  ],
});
