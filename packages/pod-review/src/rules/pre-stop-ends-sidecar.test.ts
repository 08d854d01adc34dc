import { expect } from 'vitest';
import { container, sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { preStopEndsSidecar } from './pre-stop-ends-sidecar.ts';

const withHook = (preStop: Record<string, unknown>) =>
  workload({
    containers: [web],
    initContainers: [sidecar('proxy', 'nginx:1.27', { lifecycle: { preStop } })],
  });

testRule(preStopEndsSidecar, {
  fires: [
    [
      'kill',
      withHook({ exec: { command: ['sh', '-c', 'kill -TERM 1'] } }),
      { container: 'proxy', message: expect.stringContaining('kill') },
    ],
    [
      'nginx -s quit after a sleep',
      withHook({ exec: { command: ['/bin/sh', '-c', 'sleep 10; nginx -s quit'] } }),
    ],
    ['a quit endpoint', withHook({ httpGet: { port: 9901, path: '/quitquitquit' } })],
  ],
  passes: [
    ['a pause', withHook({ sleep: { seconds: 5 } })],
    ['a flush', withHook({ httpGet: { port: 2020, path: '/flush' } })],
    [
      'nginx -s quit in the app, which may end itself',
      workload({
        containers: [
          container('web', 'nginx:1.27', {
            lifecycle: { preStop: { exec: { command: ['nginx', '-s', 'quit'] } } },
          }),
        ],
      }),
    ],
  ],
});
