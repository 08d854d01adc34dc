import { expect } from 'vitest';
import { container, httpGet, sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { sidecarWaitsForApp } from './sidecar-waits-for-app.ts';

testRule(sidecarWaitsForApp, {
  fires: [
    [
      'a startup probe on the port of the app',
      workload({
        containers: [web],
        initContainers: [
          sidecar('proxy', 'envoyproxy/envoy:v1.32.0', {
            ports: [{ containerPort: 15001 }],
            startupProbe: httpGet(8080),
          }),
        ],
      }),
      { container: 'proxy', message: expect.stringContaining('web') },
    ],
    [
      'a startup probe on a named port of the app',
      workload({
        containers: [web],
        initContainers: [
          sidecar('proxy', 'envoyproxy/envoy:v1.32.0', { startupProbe: { tcpSocket: { port: 'http' } } }),
        ],
      }),
    ],
    [
      'a startup command that asks the app',
      workload({
        containers: [web],
        initContainers: [
          sidecar('agent', 'example.com/agent:1', {
            startupProbe: { exec: { command: ['sh', '-c', 'wget -qO- localhost:8080'] } },
          }),
        ],
      }),
    ],
    [
      'a postStart hook that waits for the app',
      workload({
        containers: [web],
        initContainers: [
          sidecar('agent', 'example.com/agent:1', {
            lifecycle: {
              postStart: { exec: { command: ['sh', '-c', 'until nc -z 127.0.0.1 8080; do sleep 1; done'] } },
            },
          }),
        ],
      }),
    ],
    [
      'an init container that waits for the app',
      workload({
        containers: [web],
        initContainers: [
          container('wait', 'busybox:1.36', {
            command: ['sh', '-c', 'until wget -qO- http://localhost:8080; do sleep 1; done'],
          }),
        ],
      }),
      { container: 'wait' },
    ],
    [
      'an init container that waits for a later sidecar',
      workload({
        containers: [web],
        initContainers: [
          container('wait', 'busybox:1.36', {
            command: ['sh', '-c', 'until nc -z localhost 6379; do sleep 1; done'],
          }),
          sidecar('redis-ambassador', 'example.com/redis-ambassador:1', { ports: [{ containerPort: 6379 }] }),
        ],
      }),
    ],
    [
      'an init container that waits for an undeclared port',
      workload({
        containers: [container('a', 'b:1')],
        initContainers: [
          container('wait', 'busybox:1.36', {
            command: ['sh', '-c', 'until nc -z localhost 9000; do sleep 1; done'],
          }),
        ],
      }),
    ],
  ],
  passes: [
    [
      'a startup probe on its own port',
      workload({
        containers: [web],
        initContainers: [
          sidecar('proxy', 'envoyproxy/envoy:v1.32.0', {
            ports: [{ containerPort: 9901 }],
            startupProbe: httpGet(9901),
          }),
        ],
      }),
    ],
    [
      'a readiness probe that asks the app',
      workload({
        containers: [web],
        initContainers: [sidecar('proxy', 'envoyproxy/envoy:v1.32.0', { readinessProbe: httpGet(8080) })],
      }),
    ],
    [
      'an init container that waits for an earlier sidecar',
      workload({
        containers: [web],
        initContainers: [
          sidecar('redis-ambassador', 'example.com/redis-ambassador:1', { ports: [{ containerPort: 6379 }] }),
          container('wait', 'busybox:1.36', {
            command: ['sh', '-c', 'until nc -z localhost 6379; do sleep 1; done'],
          }),
        ],
      }),
    ],
    [
      'a proxy with the app as upstream',
      workload({
        containers: [web],
        initContainers: [
          sidecar('oauth2-proxy', 'quay.io/oauth2-proxy/oauth2-proxy:v7.7.1', {
            args: ['--upstream=http://127.0.0.1:8080'],
          }),
        ],
      }),
    ],
  ],
});
