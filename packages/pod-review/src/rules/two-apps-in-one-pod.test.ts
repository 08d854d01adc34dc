import { expect } from 'vitest';
import { container, type Data, sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { twoAppsInOnePod } from './two-apps-in-one-pod.ts';

const api = container('api', 'example.com/shop/api:2.0', { ports: [{ containerPort: 9000 }] });

const port = (containerPort: number) => ({ ports: [{ containerPort }] });
const listening = (name: string, containerPort: number, more: Data = {}) =>
  container(name, `registry.example.com/team/${name}:1`, { ...port(containerPort), ...more });
const env = (name: string, value: string) => ({ env: [{ name, value }] });
const service = (name: string, ...ports: readonly number[]): Data => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app: 'app' }, ports: ports.map((one) => ({ name: `p${one}`, port: one })) },
});
const ingress = (paths: Readonly<Record<string, number>>): Data => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'shop' },
  spec: {
    rules: [
      {
        http: {
          paths: Object.entries(paths).map(([path, number]) => ({
            path,
            pathType: 'Prefix',
            backend: { service: { name: 'all', port: { number } } },
          })),
        },
      },
    ],
  },
});
const two = workload({ containers: [listening('c1', 8001), listening('c2', 8002)] });
const config = (text: string): Data => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'nginx' },
  data: { 'default.conf': text },
});
/** hubble-ui: the web server forwards /api to its neighbour. */
const hubble = workload({
  containers: [
    container('frontend', 'quay.io/cilium/hubble-ui:v0.13.1', {
      ...port(8081),
      volumeMounts: [{ name: 'conf', mountPath: '/etc/nginx/conf.d/default.conf', subPath: 'default.conf' }],
    }),
    container('backend', 'quay.io/cilium/hubble-ui-backend:v0.13.1', port(8090)),
  ],
  volumes: [{ name: 'conf', configMap: { name: 'nginx' } }],
});
const passOn = config(
  'server {\n  listen 8081;\n  location /api {\n    proxy_pass http://127.0.0.1:8090;\n  }\n}\n',
);
const unclear = { severity: 'warning', fix: expect.stringContaining('pod-review/role.') } as const;

testRule(twoAppsInOnePod, {
  fires: [
    [
      'two unknown servers, with a warning',
      two,
      { ...unclear, container: 'c2', message: expect.stringContaining('its purpose is unknown') },
    ],
    [
      'two servers with two Services',
      [two, service('one', 8001), service('two', 8002)],
      {
        container: 'c2',
        message: expect.stringContaining('the Service two leads to it, and the Service one to c1'),
      },
    ],
    ['two servers with one Service', [two, service('all', 8001, 8002)], unclear],
    [
      'two servers with a Service each, one of them for metrics',
      [two, service('one', 8001), service('two-metrics', 8002)],
      unclear,
    ],
    [
      'two servers with two paths of an Ingress',
      [two, service('all', 8001, 8002), ingress({ '/': 8001, '/api': 8002 })],
      { container: 'c2', message: expect.stringContaining('the path /api of the Ingress shop leads to it') },
    ],
    [
      'two servers with two paths to one of them',
      [two, service('all', 8001, 8002), ingress({ '/': 8001, '/a': 8001 })],
      unclear,
    ],
    [
      'one image with two commands',
      workload({
        containers: [
          container('c1', 'registry.example.com/shop:1', { command: ['bundle', 'exec', 'puma'] }),
          container('c2', 'registry.example.com/shop:1', { command: ['bundle', 'exec', 'sidekiq'] }),
        ],
      }),
      { container: 'c2', message: expect.stringContaining('runs the image of c1 with another command') },
    ],
    [
      'a private image named after its framework, with two commands',
      workload({
        containers: [
          container('c1', 'acme/django:1', port(8000)),
          container('c2', 'acme/django:1', { args: ['celery', '-A', 'shop', 'worker'] }),
        ],
      }),
      { container: 'c2' },
    ],
    [
      'two servers that the workload is named after',
      workload(
        { containers: [listening('orders', 8001), listening('invoices', 8002)] },
        { name: 'orders-invoices' },
      ),
      { container: 'invoices', message: expect.stringContaining('is named after it') },
    ],
    [
      'a runtime with two commands',
      workload({
        containers: [
          container('c1', 'python:3.13', { command: ['python', 'a.py'] }),
          container('c2', 'python:3.13', { command: ['python', 'b.py'] }),
        ],
      }),
      unclear,
    ],
    [
      'two well-known applications',
      workload({
        containers: [container('c1', 'grafana/grafana:11.4.0'), container('c2', 'gitea/gitea:1.22')],
      }),
      { container: 'c2' },
    ],
    ['hubble-ui without its proxy configuration', hubble, { container: 'backend' }],
    [
      'a frontend that calls its backend on localhost',
      workload({
        containers: [
          listening('frontend', 3000, env('API_URL', 'http://localhost:9000')),
          listening('backend', 9000),
        ],
      }),
      unclear,
    ],
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
    ['hubble-ui', [hubble, passOn]],
    [
      'an unknown helper that the app calls',
      workload({
        containers: [
          listening('shop', 8080, env('POLICY_URL', 'http://127.0.0.1:8181/v1/data')),
          listening('c', 8181),
        ],
      }),
    ],
    [
      'an unknown helper that listens only on loopback',
      workload({ containers: [web, listening('c', 8181, { args: ['run', '--addr=127.0.0.1:8181'] })] }),
    ],
    [
      'an unknown proxy that forwards to the app',
      workload({ containers: [web, listening('c', 8443, { args: ['--upstream=http://127.0.0.1:8080/'] })] }),
    ],
    ...[
      'openpolicyagent/opa:0.70.0',
      'varnish:7.6',
      'buoyantio/linkerd:1.7.5',
      'gcr.io/istio-testing/ext-authz:latest',
      'public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.3',
      'qmcgaw/gluetun:v3.40.0',
      'registry.example.com/cloud-agent:1',
    ].map((image): [string, Data] => [
      `${image} beside an app`,
      workload({ containers: [web, container('c', image, port(9999))] }),
    ]),
    [
      'a Docker daemon beside a build agent',
      workload({
        containers: [
          container('agent', 'jenkins/inbound-agent:3283', env('DOCKER_HOST', 'tcp://localhost:2375')),
          container('c', 'docker:27-dind', { ...port(2375), securityContext: { privileged: true } }),
        ],
      }),
    ],
    [
      'one image that is also started as a helper',
      workload({
        containers: [
          container('c1', 'quay.io/thanos/thanos:v0.37.2', { args: ['query'] }),
          container('c2', 'quay.io/thanos/thanos:v0.37.2', { args: ['sidecar'] }),
        ],
      }),
    ],
    [
      'an app and a proxy in front of it',
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
      'a role set by an annotation',
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
