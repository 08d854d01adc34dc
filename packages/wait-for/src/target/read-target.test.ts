import { describe, expect, it } from 'vitest';
import { targetOf } from '../../testing/attempt.ts';

/** Lines, and the targets they mean. */
const good: ReadonlyArray<readonly [line: string, expected: object]> = [
  ['tcp://db:5432', { kind: 'tcp', spec: { host: 'db', port: 5432, family: 0 } }],
  ['tcp://db.ns.svc.cluster.local.:5432', { spec: { host: 'db.ns.svc.cluster.local.' } }],
  ['tcp://10.0.0.1:65535', { spec: { host: '10.0.0.1', port: 65_535 } }],
  ['tcp://[::1]:5432', { name: 'tcp://[::1]:5432', spec: { host: '::1', port: 5432 } }],
  ['tcp://[fe80::1%eth0]:80', { spec: { host: 'fe80::1%eth0' } }],
  ['TCP://db:5432', { kind: 'tcp', name: 'TCP://db:5432' }],
  ['tcp4://db:1', { kind: 'tcp4', spec: { family: 4 } }],
  ['tcp6://db:1', { kind: 'tcp6', spec: { family: 6 } }],
  ['unix:/run/app.sock', { kind: 'unix', spec: { path: '/run/app.sock' } }],
  ['unix:///run/app.sock', { spec: { path: '/run/app.sock' } }],
  ['tcp://db:1 name=database', { name: 'database' }],
  ['tcp://db:1 name="the database"', { name: 'the database' }],
  [
    'tcp://db:1 timeout=500ms interval=1s max-interval=10s',
    { timeoutMs: 500, intervalMs: 1000, maxIntervalMs: 10_000 },
  ],
  ['tcp://db:1 interval=10s', { intervalMs: 10_000, maxIntervalMs: 10_000 }],
  ['tcp://db:1 max-interval=200ms', { intervalMs: 200, maxIntervalMs: 200 }],
  ['tcp://db:1 deadline=600h timeout=30d', { deadlineMs: 2_160_000_000, timeoutMs: 2_592_000_000 }],
  ['http://api ca=/ca.pem', { spec: { ca: '/ca.pem' } }],
  ['tcp://db:1 stable=3 deadline=1m30s', { stableCount: 3, deadlineMs: 90_000 }],
  ['tcp://db:1 optional', { isOptional: true, isNegated: false }],
  ['tcp://db:1 optional=false not=true', { isOptional: false, isNegated: true }],
  ['tls://db:443', { spec: { host: 'db', port: 443 } }],
  ['tls://10.0.0.1:443 sni=db.example ca=/ca.pem', { spec: { sni: 'db.example', ca: '/ca.pem' } }],
  [
    'tls://db:443 cert=/c.pem key=/k.pem minDays=14',
    { spec: { cert: '/c.pem', key: '/k.pem', minDays: 14 } },
  ],
  ['http://api/healthz', { spec: { url: 'http://api/healthz', method: 'GET', status: [[200, 299]] } }],
  ['https://api:8443/x?y=1', { name: 'https://api:8443/x?***', spec: { url: 'https://api:8443/x?y=1' } }],
  ['http://[::1]:8080/', { spec: { url: 'http://[::1]:8080/' } }],
  [
    'http://api method=HEAD status=200,401,500-599',
    {
      spec: {
        method: 'HEAD',
        status: [
          [200, 200],
          [401, 401],
          [500, 599],
        ],
      },
    },
  ],
  ['http://api header=Accept:text/html', { spec: { headers: [{ name: 'accept', value: 'text/html' }] } }],
  [
    'http://api header="Authorization: Bearer @/run/token" header=X:1',
    {
      spec: {
        headers: [
          { name: 'authorization', value: 'Bearer @/run/token' },
          { name: 'x', value: '1' },
        ],
      },
    },
  ],
  [
    'http://api expect-header=X-Ready expect-header=Server:nginx',
    {
      spec: {
        expectHeaders: [
          { name: 'x-ready', value: '' },
          { name: 'server', value: 'nginx' },
        ],
      },
    },
  ],
  ['http://api body~=^ok\\d+$', { spec: { body: /^ok\d+$/m } }],
  [
    'http://api json:/status=ok json:/db/0/up=true json:/version',
    {
      spec: {
        json: [
          { pointer: '/status', value: 'ok' },
          { pointer: '/db/0/up', value: 'true' },
          { pointer: '/version', value: undefined },
        ],
      },
    },
  ],
  ['http://api json:/a~1b=x=y', { spec: { json: [{ pointer: '/a~1b', value: 'x=y' }] } }],
  [
    'https://api insecure redirect=no max-body=1MiB',
    { spec: { isInsecure: true, redirect: 'no', maxBodyBytes: 1_048_576 } },
  ],
  [
    'http://user:pa%20ss@api/',
    {
      name: 'http://user:***@api/',
      spec: { url: 'http://api/', headers: [{ name: 'authorization', value: 'Basic dXNlcjpwYSBzcw==' }] },
    },
  ],
  ['dns:redis', { spec: { name: 'redis', records: ['A', 'AAAA'], minCount: 1 } }],
  ['dns+a:redis min=3', { spec: { records: ['A'], minCount: 3 } }],
  ['dns+aaaa:redis.', { spec: { records: ['AAAA'], name: 'redis.' } }],
  ['dns+srv:_redis._tcp.redis', { spec: { records: ['SRV'], name: '_redis._tcp.redis' } }],
  [
    'dns:redis server=10.96.0.10 in=10.0.0.0/8',
    { spec: { server: '10.96.0.10', within: { address: '10.0.0.0', prefix: 8, family: 'ipv4' } } },
  ],
  [
    'dns:redis server=[fd00::a]:53 in=fd00::/8',
    { spec: { server: '[fd00::a]:53', within: { family: 'ipv6', prefix: 8 } } },
  ],
  ['file:/run/ready', { spec: { path: '/run/ready' } }],
  [
    'file:/run/ready min-bytes=1KiB stable=2s newer-than=10m',
    { stableCount: 1, spec: { minBytes: 1024, stableMs: 2000, newerThan: { type: 'age', ms: 600_000 } } },
  ],
  ['file:/x newer-than=30d', { spec: { newerThan: { type: 'age', ms: 30 * 86_400_000 } } }],
  [
    'file:/run/ready stable=2 newer-than=/run/other',
    { stableCount: 2, spec: { stableMs: undefined, newerThan: { path: '/run/other' } } },
  ],
  [
    'file:/x newer-than=2026-01-31T12:00:00Z json:/a=1',
    {
      spec: {
        newerThan: { type: 'time', at: Date.UTC(2026, 0, 31, 12) },
        json: [{ pointer: '/a', value: '1' }],
      },
    },
  ],
  ['redis://redis', { spec: { host: 'redis', port: 6379, database: 0, isTls: false } }],
  [
    'redis://:p%40ss@redis:6380/2',
    {
      name: 'redis://:***@redis:6380/2',
      spec: { user: undefined, password: 'p@ss', port: 6380, database: 2 },
    },
  ],
  ['redis://user:p@ss@redis', { name: 'redis://user:***@redis', spec: { user: 'user', password: 'p@ss' } }],
  [
    'rediss://[::1]:6379 role=master key=a key=b ca=/ca',
    { spec: { isTls: true, role: 'master', keys: ['a', 'b'], ca: '/ca' } },
  ],
  [
    'postgres://app:pw@db/orders?sslmode=require',
    {
      name: 'postgres://app:***@db/orders?***',
      spec: { user: 'app', database: 'orders', port: 5432 },
    },
  ],
  ['postgresql://db:6432', { kind: 'postgresql', spec: { port: 6432 } }],
  ['mysql://db', { spec: { port: 3306 } }],
  ['amqp://guest:guest@mq/vhost', { spec: { port: 5672, isTls: false } }],
  ['amqps://mq ca=/ca.pem', { spec: { port: 5671, isTls: true, ca: '/ca.pem' } }],
  [
    'mongodb://mongo',
    { spec: { hosts: [{ host: 'mongo', port: 27_017 }], service: undefined, isTls: false } },
  ],
  [
    'mongodb://u:p@a,b:1,[::1]:2/db?replicaSet=rs0&tls=true ca=/ca.pem',
    {
      name: 'mongodb://u:***@a,b:1,[::1]:2/db?***&tls=true',
      spec: {
        hosts: [
          { host: 'a', port: 27_017 },
          { host: 'b', port: 1 },
          { host: '::1', port: 2 },
        ],
        isTls: true,
        ca: '/ca.pem',
      },
    },
  ],
  [
    'mongodb+srv://u:p@cluster0.example.net/db',
    { kind: 'mongodb+srv', spec: { service: '_mongodb._tcp.cluster0.example.net', hosts: [], isTls: true } },
  ],
  ['mongodb+srv://cluster0.example.net/?ssl=false', { spec: { isTls: false } }],
  ['kafka://kafka', { spec: { port: 9092 } }],
  ['grpc://api:50051', { spec: { service: '', isTls: false } }],
  ['grpcs://api:443/shop.v1.Cart ca=/ca.pem', { spec: { service: 'shop.v1.Cart', isTls: true } }],
  ['k8s:endpoints/redis min=3', { spec: { kind: 'endpoints', name: 'redis', minCount: 3 } }],
  ['k8s:job/migrate ns=db', { spec: { kind: 'job', name: 'migrate', namespace: 'db' } }],
  [
    'k8s:pod?l=app=web,tier!=test',
    { name: 'k8s:pod?l=app=web,tier!=test', spec: { kind: 'pod', name: '', labels: 'app=web,tier!=test' } },
  ],
  [
    'k8s:pod/web-0 cond=Initialized',
    { spec: { name: 'web-0', condition: { type: 'Initialized', status: 'True' } } },
  ],
  ['k8s:deployment/api', { spec: { kind: 'deployment', group: 'apps', plural: 'deployments' } }],
  ['k8s:statefulset/db', { spec: { kind: 'statefulset' } }],
  [
    'k8s:cert-manager.io/v1/certificates/web cond=Ready=False',
    {
      spec: {
        kind: 'object',
        group: 'cert-manager.io',
        plural: 'certificates',
        condition: { type: 'Ready', status: 'False' },
      },
    },
  ],
  ['k8s:core/v1/nodes/n1 ns=', { spec: { group: '', version: 'v1', plural: 'nodes', namespace: '' } }],
];

describe('a target', () => {
  it.each(good)('is read from %s', (line, expected) => {
    expect(targetOf(line)).toMatchObject(expected);
  });

  it('shows every key with its effective value', () => {
    expect(Object.fromEntries(targetOf('tls://db:1 timeout=1s').settings)).toEqual({
      timeout: '1s',
      interval: '250ms',
      'max-interval': '5s',
      stable: '1',
      optional: 'false',
      not: 'false',
    });
  });
});
