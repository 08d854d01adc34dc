import { describe, expect, it } from 'vitest';
import { container, type Data, documents, sidecar, web, workload } from '../../testing/manifests.ts';
import { review } from '../review.ts';

/** `name: role` of every container, in the order of start. */
function rolesOf(object: Data): Record<string, string> {
  const [reviewed] = review([{ name: 'x.yaml', text: documents([object]) }]).pods;
  return Object.fromEntries(reviewed?.pod.containers.map(({ name, role }) => [name, role]) ?? []);
}

const shares = (path: string) => ({ volumeMounts: [{ name: 'v', mountPath: path }] });
const volumes = [{ name: 'v', emptyDir: {} }];
const port = (containerPort: number) => ({ ports: [{ containerPort }] });

describe('roles', () => {
  it.each<[string, Data, Record<string, string>]>([
    ['one container', workload({ containers: [container('x', 'example.com/x:1')] }), { x: 'app' }],
    ['one web server', workload({ containers: [container('nginx', 'nginx:1.27')] }), { nginx: 'app' }],
    [
      'one proxy',
      workload({ containers: [container('envoy', 'envoyproxy/envoy:v1.32.0')] }),
      { envoy: 'app' },
    ],
    ['one database', workload({ containers: [container('db', 'postgres:16')] }), { db: 'datastore' }],
    [
      'by position: an init container and a native sidecar',
      workload({
        containers: [web],
        initContainers: [container('setup', 'example.com/setup:1'), sidecar('extra', 'example.com/extra:1')],
      }),
      { setup: 'init', extra: 'sidecar', web: 'app' },
    ],
    [
      'a web server in front of an app',
      workload({ containers: [web, container('nginx', 'nginx:1.27', port(80))] }),
      { web: 'app', nginx: 'ambassador' },
    ],
    [
      'two web servers, one of them named proxy',
      workload({
        containers: [
          container('web', 'nginx:1.27', port(80)),
          container('rate-limiter', 'nginx:1.27', port(8080)),
        ],
      }),
      { web: 'app', 'rate-limiter': 'ambassador' },
    ],
    [
      'two web servers without other evidence',
      workload({
        containers: [container('nginx', 'nginx:1.27', port(80)), container('web', 'httpd:2.4', port(8080))],
      }),
      { nginx: 'ambassador', web: 'app' },
    ],
    [
      'a frontend of static files beside its backend',
      workload({
        containers: [
          container('frontend', 'nginx:1.27', port(80)),
          container('backend', 'node:24', port(3000)),
        ],
      }),
      { frontend: 'app', backend: 'app' },
    ],
    [
      'PHP behind nginx',
      workload({
        containers: [
          container('php', 'php:8.3-fpm', shares('/app')),
          container('nginx', 'nginx:1.27', { ...port(80), ...shares('/app') }),
        ],
        volumes,
      }),
      { php: 'app', nginx: 'ambassador' },
    ],
    [
      'a writer behind nginx',
      workload({
        containers: [
          container('nginx', 'nginx:1.27', { ...port(80), ...shares('/html') }),
          container('writer', 'debian:12', shares('/html')),
        ],
        volumes,
      }),
      { nginx: 'app', writer: 'sidecar' },
    ],
    [
      'a tail of a file',
      workload({
        containers: [
          web,
          container('stream', 'busybox:1.36', { args: ['sh', '-c', 'tail -n+1 -F /var/log/1.log'] }),
        ],
      }),
      { stream: 'sidecar', web: 'app' },
    ],
    [
      'an exporter of a database',
      workload({
        containers: [
          container('redis', 'redis:7'),
          container('exporter', 'oliver006/redis_exporter:v1.66.0'),
        ],
      }),
      { redis: 'datastore', exporter: 'adaptor' },
    ],
    [
      'a name, with an unknown image',
      workload({
        containers: [
          web,
          container('log-agent', 'example.com/a:1'),
          container('metrics-adapter', 'example.com/b:1'),
          container('tls-proxy', 'example.com/c:1'),
        ],
      }),
      { web: 'app', 'log-agent': 'sidecar', 'metrics-adapter': 'adaptor', 'tls-proxy': 'ambassador' },
    ],
    [
      'a port, without other evidence',
      workload({ containers: [web, container('x', 'example.com/x:1', port(8125))] }),
      { web: 'app', x: 'adaptor' },
    ],
    [
      'no evidence',
      workload({ containers: [web, container('x', 'example.com/x:1')] }),
      { web: 'app', x: 'unknown' },
    ],
    [
      'the name of the workload',
      workload(
        { containers: [container('proxy', 'example.com/p:1'), container('watcher', 'example.com/w:1')] },
        { name: 'watcher-controller' },
      ),
      { proxy: 'ambassador', watcher: 'app' },
    ],
    [
      'the image by digest, in a registry with a port',
      workload({ containers: [web, container('x', 'registry.local:5000/team/fluent-bit@sha256:abc')] }),
      { web: 'app', x: 'sidecar' },
    ],
    [
      'Cloud SQL’s proxy',
      workload({ containers: [web, container('sql', 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14')] }),
      { web: 'app', sql: 'ambassador' },
    ],
    [
      'Istio’s proxy',
      workload({ containers: [web, container('istio-proxy', 'docker.io/istio/proxyv2:1.24.0')] }),
      { web: 'app', 'istio-proxy': 'ambassador' },
    ],
    [
      'Vault’s agent',
      workload({ containers: [web], initContainers: [sidecar('agent', 'hashicorp/vault-agent:1.18')] }),
      { agent: 'sidecar', web: 'app' },
    ],
    [
      'an annotation above all',
      workload(
        { containers: [web, container('db', 'postgres:16')] },
        { annotations: { 'pod-review/role.db': 'sidecar', 'pod-review/role.web': 'unknown' } },
      ),
      { web: 'unknown', db: 'sidecar' },
    ],
    [
      'an annotation with an unknown role',
      workload(
        { containers: [container('db', 'postgres:16')] },
        { annotations: { 'pod-review/role.db': 'cache' } },
      ),
      { db: 'datastore' },
    ],
  ])('%s', (_, object, expected) => {
    expect(rolesOf(object)).toEqual(expected);
  });

  it('come with reasons for every container', () => {
    const object = workload({
      containers: [web, container('db', 'postgres:16'), container('x', 'example.com/x:1')],
      initContainers: [sidecar('s', 'fluent/fluent-bit:3.1')],
    });
    const [reviewed] = review([{ name: 'x.yaml', text: documents([object]) }]).pods;
    for (const { why } of reviewed?.pod.containers ?? []) expect(why).not.toEqual([]);
  });
});
