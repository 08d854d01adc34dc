import { describe, expect, it } from 'vitest';
import { container, type Data, documents, sidecar, web, workload } from '../../testing/manifests.ts';
import { review } from '../review.ts';

/** `name: role` of every container, in the order of start, of the first pod. */
function rolesOf(...objects: readonly Data[]): Record<string, string> {
  const [reviewed] = review([{ name: 'x.yaml', text: documents(objects) }]).pods;
  return Object.fromEntries(reviewed?.pod.containers.map(({ name, role }) => [name, role]) ?? []);
}

const port = (containerPort: number, more: Data = {}) => ({ ports: [{ containerPort, ...more }] });
const from = (image: string, ...command: readonly string[]) => container('c', image, { command });
const kafka = 'apache/kafka:3.9.0';
const script = (image: string, text: string) => from(image, 'sh', '-c', text);
const unknown = (name: string, more: Data = {}) => container(name, 'registry.example.com/team/x:1', more);

type Row = [title: string, objects: Data | readonly Data[], roles: Record<string, string>];
const table = (rows: readonly Row[]) =>
  it.each(rows.map(([title, objects, roles]) => ({ title, objects: [objects].flat(), roles })))(
    '$title',
    ({ objects, roles }) => expect(rolesOf(...objects)).toEqual(roles),
  );

describe('evidence from a command', () => {
  const alone = (title: string, one: Data, c: string): Row => [
    title,
    workload({ containers: [web, one] }),
    { web: 'app', c },
  ];
  table([
    alone(
      'a consumer from the image of the broker',
      from(kafka, 'kafka-console-consumer.sh', '--topic=x'),
      'sidecar',
    ),
    alone('the same by its path', from(kafka, '/opt/kafka/bin/kafka-console-consumer.sh'), 'sidecar'),
    alone(
      'the broker itself',
      from(kafka, '/opt/kafka/bin/kafka-server-start.sh', 'x.properties'),
      'datastore',
    ),
    alone(
      'a broker that is set up first',
      script(kafka, 'kafka-storage.sh format -t x; exec kafka-server-start.sh x'),
      'datastore',
    ),
    alone('a script of psql', script('postgres:16', 'until psql -c "select 1"; do sleep 1; done'), 'sidecar'),
    alone(
      'psql as an argument of the entrypoint',
      container('c', 'postgres:16', { args: ['psql', '-h', 'db'] }),
      'sidecar',
    ),
    alone(
      'settings as arguments of the entrypoint',
      container('c', 'postgres:16', { args: ['-c', 'max_connections=200'] }),
      'datastore',
    ),
    alone(
      'the server as an argument of the entrypoint',
      container('c', 'redis:7', { args: ['redis-server', '--appendonly', 'yes'] }),
      'datastore',
    ),
    alone('an idle shell from the image of a database', from('mysql:8', 'sleep', 'infinity'), 'sidecar'),
    alone('a script of its own, which says nothing', from('mysql:8', '/scripts/run.sh'), 'datastore'),
    alone(
      'a server in an image of the team',
      from('registry.example.com/base:1', 'redis-server', '/etc/redis.conf'),
      'datastore',
    ),
    alone('a sentinel', from('redis:7', 'redis-server', '/etc/sentinel.conf', '--sentinel'), 'sidecar'),
    alone(
      'the agent of Vault',
      container('c', 'hashicorp/vault:1.18', { args: ['agent', '-config=/etc/v.hcl'] }),
      'sidecar',
    ),
    alone('kubectl as a proxy', from('bitnami/kubectl:1.32', 'kubectl', 'proxy', '-p', '8001'), 'ambassador'),
    alone('a tail of nothing', from('registry.example.com/base:1', 'tail', '-f', '/dev/null'), 'unknown'),
    alone(
      'a tail of a file',
      from('registry.example.com/base:1', 'tail', '-n', '5', '-f', '/var/log/a.log'),
      'sidecar',
    ),
    [
      'a script in a ConfigMap of the input',
      [
        workload({
          containers: [
            web,
            container('c', 'postgres:16', {
              command: ['sh', '/scripts/seed.sh'],
              volumeMounts: [{ name: 's', mountPath: '/scripts' }],
            }),
          ],
          volumes: [{ name: 's', configMap: { name: 'scripts' } }],
        }),
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'scripts' },
          data: { 'seed.sh': '#!/bin/sh\nset -e\nexec psql -f /seed.sql\n' },
        },
      ],
      { web: 'app', c: 'sidecar' },
    ],
  ]);
});

describe('the choice of the app among several containers', () => {
  const envoy = (more: Data) => container('envoy', 'envoyproxy/envoy:v1.34.0', more);
  const manager = container('shutdown-manager', 'ghcr.io/projectcontour/contour:v1.33.0', {
    command: ['/bin/contour'],
    args: ['envoy', 'shutdown-manager'],
  });
  table([
    [
      'Envoy with host ports after its helper',
      workload(
        { containers: [manager, envoy(port(8080, { hostPort: 80 }))] },
        { kind: 'DaemonSet', name: 'edge' },
      ),
      { 'shutdown-manager': 'sidecar', envoy: 'app' },
    ],
    [
      'Envoy with host ports beside an unknown helper',
      workload({ containers: [unknown('c'), envoy(port(8080, { hostPort: 443 }))] }, { kind: 'DaemonSet' }),
      { c: 'unknown', envoy: 'app' },
    ],
    [
      'Envoy with host ports in front of an app',
      workload({ containers: [web, envoy(port(8081, { hostPort: 80 }))] }),
      { web: 'app', envoy: 'ambassador' },
    ],
    [
      'a log shipper that the workload is named after',
      workload(
        { containers: [unknown('c'), container('fluentd', 'fluent/fluentd:v1.17-1')] },
        { kind: 'DaemonSet', name: 'fluentd' },
      ),
      { c: 'unknown', fluentd: 'app' },
    ],
    [
      'the default container of kubectl',
      workload(
        { containers: [unknown('c1', port(1)), unknown('c2', port(2))] },
        { annotations: { 'kubectl.kubernetes.io/default-container': 'c2' } },
      ),
      { c1: 'unknown', c2: 'app' },
    ],
    [
      'the first container that listens, without other evidence',
      workload({ containers: [unknown('c1'), unknown('c2', port(2))] }),
      { c1: 'unknown', c2: 'app' },
    ],
    [
      'the container behind a Service',
      [
        workload({ containers: [unknown('c1', port(1)), unknown('c2', port(2))] }),
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 's' },
          spec: { selector: { app: 'app' }, ports: [{ port: 80, targetPort: 2 }] },
        },
      ],
      { c1: 'unknown', c2: 'app' },
    ],
    [
      'a gateway that Istio injects',
      workload(
        { containers: [container('istio-proxy', 'auto'), unknown('c')] },
        { annotations: { 'inject.istio.io/templates': 'gateway' } },
      ),
      { 'istio-proxy': 'app', c: 'unknown' },
    ],
    [
      'an app beside the proxy that Istio injects',
      workload({ containers: [container('istio-proxy', 'auto'), unknown('c')] }),
      { 'istio-proxy': 'ambassador', c: 'app' },
    ],
  ]);
});

describe('evidence from upstreams', () => {
  const config = (text: string): Data => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'conf' },
    data: { 'proxy.conf': text },
  });
  const configured = unknown('c', { ...port(80), volumeMounts: [{ name: 'conf', mountPath: '/etc/proxy' }] });
  const pod = workload({
    containers: [unknown('d', port(8090)), configured],
    volumes: [{ name: 'conf', configMap: { name: 'conf' } }],
  });
  table([
    [
      'proxies in front, by arguments, against their names',
      workload(
        {
          containers: [
            container('query', 'quay.io/thanos/thanos:v0.35.0', {
              args: ['query', '--http-address=127.0.0.1:9090'],
            }),
            container('labels', 'registry.example.com/mirror/labels:1', {
              args: ['--insecure-listen-address=127.0.0.1:9095', '--upstream=http://127.0.0.1:9090'],
            }),
            container('metrics', 'registry.example.com/mirror/rbac:1', {
              args: ['--secure-listen-address=0.0.0.0:9094', '--upstream', 'http://127.0.0.1:9090'],
              ...port(9094),
            }),
          ],
        },
        { name: 'monitoring' },
      ),
      { query: 'app', labels: 'ambassador', metrics: 'ambassador' },
    ],
    ...[
      ['nginx', 'location / {\n  proxy_pass http://127.0.0.1:8090;\n}\n'],
      ['nginx’s upstreams', 'upstream d {\n  server 127.0.0.1:8090;\n}\n'],
      ['Caddy', ':80 {\n  reverse_proxy localhost:8090\n}\n'],
      ['HAProxy', 'backend d\n  server d1 127.0.0.1:8090 check\n'],
      ['Envoy', 'socket_address:\n  address: 127.0.0.1\n  port_value: 8090\n'],
      ['Varnish', 'backend default {\n  .host = "127.0.0.1";\n  .port = "8090";\n}\n'],
    ].map(
      ([of, text]): Row => [`by a file of ${of}`, [pod, config(text ?? '')], { d: 'app', c: 'ambassador' }],
    ),
    [
      'a file that names another host',
      [pod, config('proxy_pass http://backend:8090;\n')],
      { d: 'app', c: 'unknown' },
    ],
    [
      'a file that names its own port',
      [pod, config('proxy_pass http://127.0.0.1:80;\n')],
      { d: 'app', c: 'unknown' },
    ],
    [
      'a helper that reloads the app',
      workload({
        containers: [
          unknown('c', { args: ['--reload-url=http://127.0.0.1:9090/-/reload'] }),
          unknown('d', port(9090)),
        ],
      }),
      { c: 'sidecar', d: 'app' },
    ],
    [
      'an app that calls an unknown container',
      workload({
        containers: [
          unknown('shop', { ...port(8080), env: [{ name: 'AUTHZ', value: 'http://127.0.0.1:8181/v1' }] }),
          unknown('d', port(8181)),
        ],
      }),
      { shop: 'app', d: 'sidecar' },
    ],
    [
      'an app that calls an address outside its pod',
      workload({
        containers: [
          unknown('shop', { ...port(8080), env: [{ name: 'AUTHZ', value: 'http://opa:8181/v1' }] }),
          unknown('d', port(8181)),
        ],
      }),
      { shop: 'app', d: 'unknown' },
    ],
  ]);
});

it('a client that uses the image of its broker is not a second broker', () => {
  const consumer = container('consumer', kafka, { command: ['kafka-console-consumer.sh', '--topic=x'] });
  expect(rolesOf(workload({ containers: [container('kafka', kafka, port(9092)), consumer] }))).toEqual({
    kafka: 'datastore',
    consumer: 'sidecar',
  });
});

it('evidence never contains the value of an argument or variable, which may be a password', () => {
  const secret = 'redis://:hunter2@127.0.0.1:6379';
  const shop = unknown('shop', {
    args: [secret, `--cache=${secret}`],
    env: [{ name: 'CACHE', value: secret }],
  });
  const pod = workload({ containers: [shop, container('redis', 'redis:7', port(6379))] });
  const text = documents([pod]);
  const { pods } = review([{ name: 'x.yaml', text }]);
  const said = pods.flatMap((reviewed) => reviewed.pod.containers.flatMap(({ why }) => why));
  expect(said.join('\n')).toContain('keeps its data in redis at port 6379');
  expect(said.join('\n')).not.toContain('hunter2');
});

describe('a native sidecar', () => {
  table([
    [
      'is a sidecar, though its image is an application',
      workload({ containers: [web], initContainers: [sidecar('c', 'grafana/grafana:11.4.0')] }),
      { c: 'sidecar', web: 'app' },
    ],
    [
      'is a datastore with the image of one',
      workload({ containers: [web], initContainers: [sidecar('c', 'redis:7')] }),
      { c: 'datastore', web: 'app' },
    ],
    [
      'is never the app of its pod',
      workload({
        containers: [container('fluent-bit', 'fluent/fluent-bit:3')],
        initContainers: [sidecar('app', 'registry.example.com/app:1', port(80))],
      }),
      { app: 'sidecar', 'fluent-bit': 'app' },
    ],
  ]);
});
