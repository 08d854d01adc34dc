import { describe, expect, it } from 'vitest';
import { targetOf } from '../../testing/attempt.ts';
import { readTargetLine } from './read-target.ts';

/** What is understood, by the line that says it. */
const good: ReadonlyArray<readonly [line: string, expected: object]> = [
  ['tcp://db:5432', { kind: 'tcp', spec: { type: 'tcp', host: 'db', port: 5432, family: 0 } }],
  ['tcp://db.ns.svc.cluster.local.:5432', { spec: { host: 'db.ns.svc.cluster.local.' } }],
  ['tcp://10.0.0.1:65535', { spec: { host: '10.0.0.1', port: 65_535 } }],
  ['tcp://[::1]:5432', { name: 'tcp://[::1]:5432', spec: { host: '::1', port: 5432 } }],
  ['tcp://[fe80::1%eth0]:80', { spec: { host: 'fe80::1%eth0' } }],
  ['TCP://db:5432', { kind: 'tcp', name: 'TCP://db:5432' }],
  ['tcp4://db:1', { kind: 'tcp4', spec: { family: 4 } }],
  ['tcp6://db:1', { kind: 'tcp6', spec: { family: 6 } }],
  ['unix:/run/app.sock', { kind: 'unix', spec: { type: 'unix', path: '/run/app.sock' } }],
  ['unix:///run/app.sock', { spec: { path: '/run/app.sock' } }],
  ['tcp://db:1 name=database', { name: 'database' }],
  ['tcp://db:1 name="the database"', { name: 'the database' }],
  [
    'tcp://db:1 timeout=500ms interval=1s max-interval=10s',
    { timeoutMs: 500, intervalMs: 1000, maxIntervalMs: 10_000 },
  ],
  ['tcp://db:1 interval=10s', { intervalMs: 10_000, maxIntervalMs: 10_000 }],
  ['tcp://db:1 stable=3 deadline=1m30s', { stableCount: 3, deadlineMs: 90_000 }],
  ['tcp://db:1 optional', { isOptional: true, isNegated: false }],
  ['tcp://db:1 optional=false not=true', { isOptional: false, isNegated: true }],
  ['tls://db:443', { spec: { type: 'tls', host: 'db', port: 443 } }],
  ['tls://10.0.0.1:443 sni=db.example ca=/ca.pem', { spec: { sni: 'db.example', ca: '/ca.pem' } }],
  [
    'tls://db:443 cert=/c.pem key=/k.pem minDays=14',
    { spec: { cert: '/c.pem', key: '/k.pem', minDays: 14 } },
  ],
  [
    'http://api/healthz',
    { spec: { type: 'http', url: 'http://api/healthz', method: 'GET', status: [[200, 299]] } },
  ],
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
  ['dns:redis', { spec: { type: 'dns', name: 'redis', records: ['A', 'AAAA'], minCount: 1 } }],
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
  ['file:/run/ready', { spec: { type: 'file', path: '/run/ready' } }],
  [
    'file:/run/ready min-bytes=1KiB stable=2s newer-than=10m',
    { stableCount: 1, spec: { minBytes: 1024, stableMs: 2000, newerThan: { type: 'age', ms: 600_000 } } },
  ],
  ['file:/x newer-than=30d', { spec: { newerThan: { type: 'age', ms: 30 * 86_400_000 } } }],
  [
    'file:/run/ready stable=2 newer-than=/run/other',
    { stableCount: 2, spec: { stableMs: undefined, newerThan: { type: 'file', path: '/run/other' } } },
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
  ['redis://redis', { spec: { type: 'redis', host: 'redis', port: 6379, database: 0, isTls: false } }],
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
      spec: { type: 'postgres', user: 'app', database: 'orders', port: 5432 },
    },
  ],
  ['postgresql://db:6432', { kind: 'postgresql', spec: { type: 'postgres', port: 6432 } }],
  ['mysql://db', { spec: { type: 'mysql', port: 3306 } }],
  ['amqp://guest:guest@mq/vhost', { spec: { type: 'amqp', port: 5672, isTls: false } }],
  ['amqps://mq ca=/ca.pem', { spec: { type: 'amqp', port: 5671, isTls: true, ca: '/ca.pem' } }],
  ['mongodb://mongo', { spec: { type: 'mongodb', port: 27_017 } }],
  ['kafka://kafka', { spec: { type: 'kafka', port: 9092 } }],
  ['grpc://api:50051', { spec: { type: 'grpc', service: '', isTls: false } }],
  ['grpcs://api:443/shop.v1.Cart ca=/ca.pem', { spec: { service: 'shop.v1.Cart', isTls: true } }],
  ['k8s:endpoints/redis min=3', { spec: { type: 'k8s', kind: 'endpoints', name: 'redis', minCount: 3 } }],
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

/** What is refused, and the whole message behind `target 1, `. */
const bad: ReadonlyArray<readonly [line: string, ...faults: string[]]> = [
  ['db:5432', 'column 1: db:5432: expected a URL, such as tcp://db:5432'],
  ['tcp://db', 'column 1: tcp://db: has no port (the form is tcp://HOST:PORT)'],
  ['tcp://db:', 'column 1: tcp://db:: the port is not a number (the form is tcp://HOST:PORT)'],
  [
    'tcp://db:0',
    'column 1: tcp://db:0: port out of range: expected 1 to 65535 (the form is tcp://HOST:PORT)',
  ],
  [
    'tcp://db:65536',
    'column 1: tcp://db:65536: port out of range: expected 1 to 65535 (the form is tcp://HOST:PORT)',
  ],
  ['tcp:db:1', 'column 1: tcp:db:1: expected // and HOST:PORT (the form is tcp://HOST:PORT)'],
  ['tcp://:1', 'column 1: tcp://:1: has no host (the form is tcp://HOST:PORT)'],
  [
    'tcp://::1:5432',
    'column 1: tcp://::1:5432: an IPv6 address stands in brackets (the form is tcp://HOST:PORT)',
  ],
  [
    'tcp://[1.2.3.4]:1',
    'column 1: tcp://[1.2.3.4]:1: has brackets round what is not an IPv6 address (the form is tcp://HOST:PORT)',
  ],
  [
    'tcp://1.2.3:1',
    'column 1: tcp://1.2.3:1: the host is neither a name nor an address (the form is tcp://HOST:PORT)',
  ],
  [
    'tcp://a_b!:1',
    'column 1: tcp://a_b!:1: the host is neither a name nor an address (the form is tcp://HOST:PORT)',
  ],
  [
    'tcp://a:1,b:2',
    'column 1: tcp://a:1,b:2: names several hosts; make each a target of its own (the form is tcp://HOST:PORT)',
  ],
  ['tcp://a:1/x', 'column 1: tcp://a:1/x: takes no path (the form is tcp://HOST:PORT)'],
  ['tcp://u:p@a:1', 'column 1: tcp://u:***@a:1: takes no user or password (the form is tcp://HOST:PORT)'],
  [
    'tpc://db:1',
    'column 1: tpc://db:1: expected a URL that begins with one of tcp tcp4 tcp6 unix tls http https dns dns+a dns+aaaa dns+srv file redis rediss postgres postgresql mysql amqp amqps mongodb kafka grpc grpcs k8s (did you mean tcp:?)',
  ],
  ['tcp://db:1 timeot=1s', 'column 12: unknown key "timeot" (did you mean timeout?)'],
  ['tcp://db:1 timeout=1', 'column 12: timeout "1": expected a duration above 0 such as 250ms, 2s or 5m'],
  ['tcp://db:1 timeout=0', 'column 12: timeout "0": expected a duration above 0 such as 250ms, 2s or 5m'],
  ['tcp://db:1 timeout', 'column 12: timeout "": expected a duration above 0 such as 250ms, 2s or 5m'],
  ['tcp://db:1 stable=0', 'column 12: stable "0": expected a whole number from 1 to 1000000'],
  ['tcp://db:1 optional=maybe', 'column 12: optional "maybe": expected true or false, or the key alone'],
  ['tcp://db:1 name=a name=b', 'column 19: name is given twice'],
  ['tcp://db:1 status=200', 'column 12: unknown key "status"'],
  [
    'tcp://db x=1 stable=-1',
    'column 1: tcp://db: has no port (the form is tcp://HOST:PORT)',
    'column 10: unknown key "x"',
    'column 14: stable "-1": expected a whole number from 1 to 1000000',
  ],
  ['tcp://db:1 name="x', 'column 17: this quote is not closed'],
  ['tcp://db:1 interval=2s max-interval=1s', 'column 1: max-interval is shorter than interval'],
  ['unix:run/x', 'column 1: unix:run/x: expected an absolute path (the form is unix:/PATH)'],
  [
    `unix:/${'x'.repeat(107)}`,
    `column 1: unix:/${'x'.repeat(107)}: the path of a socket has at most 107 bytes (the form is unix:/PATH)`,
  ],
  ['tls://db:1 cert=/c', 'column 1: tls://db:1: cert and key go together (the form is tls://HOST:PORT)'],
  ['tls://db:1 min-days=3', 'column 12: unknown key "min-days" (did you mean minDays?)'],
  ['tls://db:1 ca=ca.pem', 'column 12: ca "ca.pem": expected an absolute path'],
  ['http:///x', 'column 1: http:///x: expected // and a host (the form is http://HOST[:PORT]/PATH)'],
  ['http://a b:80', 'column 10: unknown key "b:80"'],
  [
    'http://a:99999/',
    'column 1: http://a:99999/: port out of range: expected 1 to 65535 (the form is http://HOST[:PORT]/PATH)',
  ],
  ['http://a:x/', 'column 1: http://a:***: is not a URL (the form is http://HOST[:PORT]/PATH)'],
  [
    'http://a#bearer=/run/token',
    'column 1: http://a#bearer=/run/token: takes no # (in a password it is %23); keys follow the URL after a blank (the form is http://HOST[:PORT]/PATH)',
  ],
  [
    'tcp://a:1#timeout=1s',
    'column 1: tcp://a:1#timeout=1s: takes no # (in a password it is %23); keys follow the URL after a blank (the form is tcp://HOST:PORT)',
  ],
  ['tcp://db:1 deadline=30d', 'column 12: deadline "30d": too long: expected at most 24d'],
  [
    'dns:a server=10.0.0.1:70000',
    'column 7: server "10.0.0.1:70000": port out of range: expected 1 to 65535',
  ],
  ['http://a status=200-', 'column 10: status "200-": expected statuses such as 200-299,401'],
  ['http://a status=299-200', 'column 10: status "299-200": expected statuses such as 200-299,401'],
  ['http://a status=99', 'column 10: status "99": expected statuses such as 200-299,401'],
  ['http://a method=get', 'column 10: method "get": expected a method such as GET or HEAD'],
  ['http://a body~=(', 'column 10: body~ "(": not a regular expression: Unterminated group'],
  ['http://a body~=x:\\', 'column 10: body~ "x:\\": not a regular expression: \\ at end of pattern'],
  [
    'http://a "body~=x: [z-a]"',
    'column 10: body~ "x: [z-a]": not a regular expression: Range out of order in character class',
  ],
  [
    'http://a header=Accept',
    'column 10: header "***": expected NAME:VALUE, or NAME:@/FILE for a value out of a file',
  ],
  [
    'http://a header=Authorization: Bearer secret',
    'column 32: unknown key "***" (did you mean header?); a blank must stand in quotes',
    'column 39: unknown key "***"; a blank must stand in quotes',
  ],
  [
    'http://a json:status=ok',
    'column 10: json: "status=ok": expected json:/POINTER=VALUE, where the pointer is as in RFC 6901',
  ],
  [
    'http://a json:/~2=ok',
    'column 10: json: "/~2=ok": expected json:/POINTER=VALUE, where the pointer is as in RFC 6901',
  ],
  [
    'http://a insecure',
    'column 1: http://a: ca and insecure are for https:// only (the form is http://HOST[:PORT]/PATH)',
  ],
  ['http://a redirect=yes', 'column 10: redirect "yes": expected follow or no'],
  ['http://a max-body=big', 'column 10: max-body "big": expected a size such as 1, 64KiB or 1MB'],
  ['dns:', 'column 1: dns:: expected a name (the form is dns:NAME)'],
  ['dns:10.0.0.1', 'column 1: dns:10.0.0.1: expected a name (the form is dns:NAME)'],
  [
    'dns:a server=dns.google',
    'column 7: server "dns.google": expected the address of a DNS server, IP or IP:PORT',
  ],
  ['dns:a in=10.0.0.0/33', 'column 7: in "10.0.0.0/33": expected a range of addresses such as 10.0.0.0/8'],
  [
    'dns+srv:a in=10.0.0.0/8',
    'column 1: dns+srv:a: in is for addresses, SRV answers names (the form is dns+srv:NAME)',
  ],
  [
    'dns+mx:a',
    'column 1: dns+mx:a: expected a URL that begins with one of tcp tcp4 tcp6 unix tls http https dns dns+a dns+aaaa dns+srv file redis rediss postgres postgresql mysql amqp amqps mongodb kafka grpc grpcs k8s (did you mean dns+a:?)',
  ],
  ['file:x', 'column 1: file:x: expected an absolute path (the form is file:/PATH)'],
  [
    'file:/x newer-than=yesterday',
    'column 9: newer-than "yesterday": expected a duration, a time such as 2026-01-31T12:00:00Z, or the absolute path of another file',
  ],
  [
    'redis://user@h',
    'column 1: redis://***@h: expected USER:PASSWORD or :PASSWORD before @ (the form is redis://[USER:PASSWORD@]HOST:PORT[/DB])',
  ],
  [
    'redis://h/x',
    'column 1: redis://h/x: the path is not the number of a database (the form is redis://[USER:PASSWORD@]HOST:PORT[/DB])',
  ],
  [
    'redis://h ca=/x',
    'column 1: redis://h: ca is for rediss:// only (the form is redis://[USER:PASSWORD@]HOST:PORT[/DB])',
  ],
  ['redis://h role=slave', 'column 11: role "slave": expected master or replica'],
  [
    'redis://:pa%ss@h',
    'column 1: redis://:***@h: has a % that is not followed by two hexadecimal digits (the form is redis://[USER:PASSWORD@]HOST:PORT[/DB])',
  ],
  [
    'redis://:p@ss/w@h',
    'column 1: redis://:***@h: has a second @; one in a password or path is written %40, a / in a password %2F (the form is redis://[USER:PASSWORD@]HOST:PORT[/DB])',
  ],
  [
    'redis://:pa/ss@h',
    'column 1: redis://:***@h: has no host (the form is redis://[USER:PASSWORD@]HOST:PORT[/DB])',
  ],
  [
    'redis://:my secret@h',
    'column 1: redis:***: has no host (the form is redis://[USER:PASSWORD@]HOST:PORT[/DB])',
    'column 13: unknown key "***"; a blank must stand in quotes',
  ],
  [
    'mongodb://a,b/',
    'column 1: mongodb://a,b/: names several hosts; make each a target of its own (the form is mongodb://[USER:PASSWORD@]HOST:PORT[/NAME])',
  ],
  ['grpc://api', 'column 1: grpc://api: has no port (the form is grpc://HOST:PORT[/SERVICE])'],
  [
    'k8s:deploy/x',
    'column 1: k8s:deploy/x: unknown kind "deploy"; others are named GROUP/VERSION/PLURAL/NAME (the form is k8s:KIND/NAME, k8s:pod?l=LABELS or k8s:GROUP/VERSION/PLURAL/NAME)',
  ],
  [
    'k8s:jobs/x',
    'column 1: k8s:jobs/x: unknown kind "jobs" (did you mean job?); others are named GROUP/VERSION/PLURAL/NAME (the form is k8s:KIND/NAME, k8s:pod?l=LABELS or k8s:GROUP/VERSION/PLURAL/NAME)',
  ],
  [
    'k8s:job/X',
    'column 1: k8s:job/X: the name is not one of Kubernetes (the form is k8s:KIND/NAME, k8s:pod?l=LABELS or k8s:GROUP/VERSION/PLURAL/NAME)',
  ],
  [
    'k8s:job/x min=2',
    'column 1: k8s:job/x: min is for endpoints, pod, deployment, statefulset (the form is k8s:KIND/NAME, k8s:pod?l=LABELS or k8s:GROUP/VERSION/PLURAL/NAME)',
  ],
  [
    'k8s:pod?app=web',
    'column 1: k8s:pod?app=web: expected ?l= and labels, such as ?l=app=web,tier!=test (the form is k8s:KIND/NAME, k8s:pod?l=LABELS or k8s:GROUP/VERSION/PLURAL/NAME)',
  ],
  [
    'k8s:endpoints/x cond=Ready',
    'column 1: k8s:endpoints/x: endpoints have no conditions (the form is k8s:KIND/NAME, k8s:pod?l=LABELS or k8s:GROUP/VERSION/PLURAL/NAME)',
  ],
  [
    'k8s:a/v1/b',
    'column 1: k8s:a/v1/b: unknown kind "a"; others are named GROUP/VERSION/PLURAL/NAME (the form is k8s:KIND/NAME, k8s:pod?l=LABELS or k8s:GROUP/VERSION/PLURAL/NAME)',
  ],
  ['', 'expected a target'],
];

describe('a target', () => {
  it.each(good)('%s is understood', (line, expected) => {
    expect(targetOf(line)).toMatchObject(expected);
  });

  it.each(bad)('%s is refused', (line, ...faults) => {
    const read = readTargetLine(line, 'target 1');
    const separator = line === '' ? ': ' : ', ';
    expect(read).toEqual({ ok: false, faults: faults.map((fault) => `target 1${separator}${fault}`) });
  });

  it('shows every key with the value that holds', () => {
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
