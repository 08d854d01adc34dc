import { expect } from 'vitest';
import { container, sidecar, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { emptyDirWithoutLimit } from './empty-dir-without-limit.ts';

const mounted = { volumeMounts: [{ name: 'logs', mountPath: '/logs' }] };
const app = container('app', 'example.com/app:1', mounted);
const shipper = sidecar('shipper', 'fluent/fluent-bit:3.1', mounted);

testRule(emptyDirWithoutLimit, {
  fires: [
    [
      'a shared folder without a limit',
      workload({ containers: [app], initContainers: [shipper], volumes: [{ name: 'logs', emptyDir: {} }] }),
      { message: expect.stringContaining('shared by shipper, app') },
    ],
    [
      'memory without a limit',
      workload({ containers: [app], volumes: [{ name: 'logs', emptyDir: { medium: 'Memory' } }] }),
    ],
    [
      'a folder of one container, as info',
      workload({ containers: [app], volumes: [{ name: 'logs', emptyDir: {} }] }),
      { severity: 'info' },
    ],
  ],
  passes: [
    [
      'a limit',
      workload({
        containers: [app],
        initContainers: [shipper],
        volumes: [{ name: 'logs', emptyDir: { sizeLimit: '64Mi' } }],
      }),
    ],
    [
      'another kind of volume',
      workload({ containers: [app], volumes: [{ name: 'logs', persistentVolumeClaim: { claimName: 'x' } }] }),
    ],
  ],
});
