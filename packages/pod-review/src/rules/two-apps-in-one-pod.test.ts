import { expect } from 'vitest';
import { container, sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { twoAppsInOnePod } from './two-apps-in-one-pod.ts';

const api = container('api', 'example.com/shop/api:2.0', { ports: [{ containerPort: 9000 }] });

testRule(twoAppsInOnePod, {
  fires: [
    [
      'a frontend and its backend',
      workload({ containers: [web, api] }),
      { container: 'api', message: expect.stringContaining('web') },
    ],
    [
      'an app and a worker that shares nothing with it',
      workload({ containers: [web, container('worker', 'example.com/shop/worker:2.0')] }),
      { container: 'worker' },
    ],
    [
      'WordPress and phpMyAdmin',
      workload({
        containers: [
          container('wordpress', 'wordpress:6', { ports: [{ containerPort: 80 }] }),
          container('phpmyadmin', 'phpmyadmin:5', { ports: [{ containerPort: 8081 }] }),
        ],
      }),
      { container: 'phpmyadmin' },
    ],
  ],
  passes: [
    [
      'an app and a proxy before it',
      workload({ containers: [web, container('proxy', 'nginx:1.27', { ports: [{ containerPort: 80 }] })] }),
    ],
    [
      'PHP behind nginx',
      workload({
        containers: [
          container('php', 'php:8-fpm'),
          container('nginx', 'nginx:1.27', { ports: [{ containerPort: 80 }] }),
        ],
      }),
    ],
    [
      'a helper that writes to the app’s volume',
      workload({
        containers: [
          container('web', 'nginx:1.27', {
            ports: [{ containerPort: 80 }],
            volumeMounts: [{ name: 'c', mountPath: '/c' }],
          }),
          container('content', 'example.com/content:1', { volumeMounts: [{ name: 'c', mountPath: '/c' }] }),
        ],
        volumes: [{ name: 'c', emptyDir: {} }],
      }),
    ],
    [
      'what an annotation explains',
      workload({ containers: [web, api] }, { annotations: { 'pod-review/role.api': 'ambassador' } }),
    ],
    [
      'one app',
      workload({
        containers: [web],
        initContainers: [sidecar('log-shipper', 'fluent/fluent-bit:3.1'), container('wait', 'busybox:1.36')],
      }),
    ],
  ],
});
