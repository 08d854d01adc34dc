import { expect } from 'vitest';
import { container, sidecar, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { initAfterSidecars } from './init-after-sidecars.ts';

const asking = (memory: string, cpu = '10m') => ({ resources: { requests: { memory, cpu } } });
const load = container('load', 'example.com/load:1', asking('1Gi'));
const proxy = sidecar('proxy', 'envoyproxy/envoy:v1.32.0', asking('128Mi'));
const app = container('app', 'example.com/app:1', asking('256Mi'));

testRule(initAfterSidecars, {
  fires: [
    [
      'a large init container after the sidecar',
      workload({ containers: [app], initContainers: [proxy, load] }),
      {
        message: expect.stringContaining(
          '1152Mi; with its init containers before the sidecars it would request 20m and 1024Mi',
        ),
      },
    ],
    [
      'an init container with a large cpu request',
      workload({
        containers: [app],
        initContainers: [proxy, container('load', 'example.com/load:1', asking('1Mi', '2'))],
      }),
    ],
  ],
  passes: [
    ['the init container first', workload({ containers: [app], initContainers: [load, proxy] })],
    [
      'a small init container after the sidecar',
      workload({
        containers: [app],
        initContainers: [proxy, container('wait', 'example.com/wait:1', asking('16Mi'))],
      }),
    ],
    ['no sidecars', workload({ containers: [app], initContainers: [load] })],
  ],
});
