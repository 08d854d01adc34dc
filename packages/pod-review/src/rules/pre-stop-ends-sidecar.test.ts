import { expect } from 'vitest';
import { container, sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { preStopEndsSidecar } from './pre-stop-ends-sidecar.ts';

const withHook = (preStop: Record<string, unknown>) =>
  workload({
    containers: [web],
    initContainers: [sidecar('proxy', 'nginx:1.27', { lifecycle: { preStop } })],
  });

/** nginx in front of a web server, which pauses for `appSeconds`. */
const inbound = (command: string, { appSeconds, proxy = {} }: { appSeconds: number; proxy?: object }) =>
  workload({
    containers: [{ ...web, lifecycle: { preStop: { sleep: { seconds: appSeconds } } } }],
    initContainers: [
      sidecar('proxy', 'nginx:1.27', {
        readinessProbe: { httpGet: { port: 8080 } },
        lifecycle: { preStop: { exec: { command: ['sh', '-c', command] } } },
        ...proxy,
      }),
    ],
  });
const pauseAndQuit = 'sleep 5; exec nginx -s quit';

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
    [
      'a proxy without a readiness probe, which the app may call',
      inbound(pauseAndQuit, { appSeconds: 11, proxy: { readinessProbe: undefined } }),
    ],
    ['a proxy that quits when the app does', inbound(pauseAndQuit, { appSeconds: 5 })],
    ['a proxy that aborts open requests', inbound('sleep 5; nginx -s stop', { appSeconds: 11 })],
    [
      'a proxy without a pause, which the Service still sends to',
      inbound('nginx -s quit', { appSeconds: 11 }),
    ],
    ['a quit endpoint', withHook({ httpGet: { port: 9901, path: '/quitquitquit' } })],
  ],
  passes: [
    ['a pause', withHook({ sleep: { seconds: 5 } })],
    ['a proxy for incoming requests that drains before the app', inbound(pauseAndQuit, { appSeconds: 11 })],
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
