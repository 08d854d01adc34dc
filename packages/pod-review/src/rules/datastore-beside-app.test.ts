import { expect } from 'vitest';
import { container, sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { datastoreBesideApp } from './datastore-beside-app.ts';

const db = container('db', 'postgres:16', { ports: [{ containerPort: 5432 }] });

/** Mounts a volume, or a folder of it if one is given. */
const mounts = (name: string, mountPath: string, subPath?: string) => ({
  volumeMounts: [{ name, mountPath, ...(subPath === undefined ? {} : { subPath }) }],
});
const site = [{ name: 'site', persistentVolumeClaim: { claimName: 'site' } }];
const sock = [{ name: 'sock', emptyDir: {} }];

testRule(datastoreBesideApp, {
  fires: [
    [
      'an app and a database in different folders of one volume, as in the documentation of subPath',
      workload({
        containers: [
          container('mysql', 'mysql:8.4', mounts('site', '/var/lib/mysql', 'mysql')),
          container('php', 'php:8-apache', mounts('site', '/var/www/html', 'html')),
        ],
        volumes: site,
      }),
      { container: 'mysql', message: expect.stringContaining('in the pod of php') },
    ],
    [
      'an app that mounts a whole volume, and a database that mounts a folder of it',
      workload({
        containers: [
          container('gitea', 'gitea/gitea:1.22', mounts('site', '/data')),
          container('postgres', 'postgres:16', mounts('site', '/var/lib/postgresql/data', 'db')),
        ],
        volumes: site,
      }),
      { container: 'postgres' },
    ],
    [
      'an app that reaches its store over a socket',
      workload(
        {
          containers: [
            container('shop', 'registry.example.com/shop:1', {
              ...mounts('sock', '/run/redis'),
              env: [{ name: 'REDIS_URL', value: 'unix:///run/redis/redis.sock' }],
            }),
            container('redis', 'redis:7', {
              ...mounts('sock', '/run/redis'),
              args: ['--unixsocket', '/run/redis/redis.sock', '--port', '0'],
            }),
          ],
          volumes: sock,
        },
        { name: 'checkout' },
      ),
      { container: 'redis', message: expect.stringContaining('in the pod of shop') },
    ],
    [
      'a server that only shares the socket folder with its store',
      workload({
        containers: [
          container('c', 'registry.example.com/x:1', {
            ...mounts('sock', '/run/redis'),
            ports: [{ containerPort: 8080 }],
          }),
          container('redis', 'redis:7', mounts('sock', '/run/redis')),
        ],
        volumes: sock,
      }),
      { container: 'redis' },
    ],
    [
      'a rate limiter without an app, and its counters',
      workload(
        {
          containers: [
            container('redis', 'redis:7', { ports: [{ containerPort: 6379 }] }),
            container('ratelimit', 'envoyproxy/ratelimit:19f2079f', {
              ports: [{ containerPort: 8081 }],
              env: [{ name: 'REDIS_URL', value: 'localhost:6379' }],
            }),
          ],
        },
        { name: 'limits' },
      ),
      { container: 'redis', message: expect.stringContaining('in the pod of ratelimit') },
    ],
    [
      'a gateway with its configuration',
      workload({
        containers: [
          container('kong', 'kong:3.9', {
            ports: [{ containerPort: 8000 }],
            env: [{ name: 'KONG_PG_HOST', value: '127.0.0.1' }],
          }),
          db,
        ],
      }),
      { container: 'db' },
    ],
    [
      'an unknown container',
      workload({ containers: [db, container('c', 'registry.example.com/x:1')] }),
      { severity: 'warning', message: expect.stringContaining('the purpose of c is unknown') },
    ],
    [
      'an unknown server',
      workload({
        containers: [db, container('c', 'registry.example.com/x:1', { ports: [{ containerPort: 80 }] })],
      }),
      { severity: 'error' },
    ],
    [
      'an unknown client of the database',
      workload({
        containers: [
          db,
          container('c', 'registry.example.com/x:1', { env: [{ name: 'DB_HOST', value: 'localhost' }] }),
        ],
      }),
      { severity: 'error', message: expect.stringContaining('in the pod of c') },
    ],
    [
      'an unknown container that shares the data folder',
      workload({
        containers: [
          container('postgres', 'postgres:16', mounts('site', '/var/lib/postgresql/data')),
          container('c', 'registry.example.com/x:1', mounts('site', '/data')),
        ],
        volumes: site,
      }),
      { severity: 'warning', fix: expect.stringContaining('pod-review/role.c: sidecar') },
    ],
    ...[
      'pgvector/pgvector:pg17',
      'mcr.microsoft.com/mssql/server:2022-latest',
      'eclipse-mosquitto:2',
      'ghcr.io/ferretdb/ferretdb:1.24',
      'surrealdb/surrealdb:v2',
      'firebirdsql/firebird:5',
      'tarantool/tarantool:3',
    ].map((image): [string, ReturnType<typeof workload>] => [
      `${image} beside an app`,
      workload({ containers: [web, container('c', image, { ports: [{ containerPort: 4000 }] })] }),
    ]),
    [
      'the web server and its database',
      workload({ containers: [web, db] }),
      { container: 'db', message: expect.stringContaining('postgres') },
    ],
    ['a database that is the first container', workload({ containers: [db, web] }), { container: 'db' }],
    [
      'a database that is a native sidecar',
      workload({ containers: [web], initContainers: [sidecar('cache', 'redis:7')] }),
      { container: 'cache' },
    ],
    [
      'a broker beside its worker',
      workload({
        containers: [
          container('worker', 'example.com/worker:2'),
          container('queue', 'rabbitmq:3-management'),
        ],
      }),
    ],
    [
      'an unknown image that listens on the port of a database and keeps data',
      workload({
        containers: [
          web,
          container('store', 'example.com/x:1', {
            ports: [{ containerPort: 3306 }],
            volumeMounts: [{ name: 'd', mountPath: '/var/lib/mysql' }],
          }),
        ],
        volumes: [{ name: 'd', emptyDir: {} }],
      }),
    ],
    [
      'a container that the annotation calls a datastore',
      workload(
        { containers: [web, container('kv', 'example.com/kv:1')] },
        { annotations: { 'pod-review/role.kv': 'datastore' } },
      ),
    ],
  ],
  passes: [
    ...(
      [
        ['an exporter', 'prometheuscommunity/postgres-exporter:v0.16.0', 'c'],
        ['a backup', 'prodrigestivill/postgres-backup-local:16', 'c'],
        ['a helper named backup', 'registry.example.com/x:1', 'backup'],
        ['a helper named init', 'registry.example.com/x:1', 'db-init'],
        ['a copy of the log', 'wal-g/wal-g:1', 'c'],
      ] as const
    ).map(([what, image, name]): [string, ReturnType<typeof workload>] => [
      `${what} that shares the folder of the data`,
      workload({
        containers: [
          container('postgres', 'postgres:16', mounts('site', '/var/lib/postgresql/data')),
          container(name, image, mounts('site', '/data')),
        ],
        volumes: site,
      }),
    ]),
    [
      'a database and a client of its own image that sets it up',
      workload({
        containers: [
          db,
          container('users', 'postgres:16', {
            command: [
              'sh',
              '-c',
              'until pg_isready -h localhost; do sleep 1; done; psql -f /sql/users.sql; sleep infinity',
            ],
          }),
        ],
      }),
    ],
    [
      'a TLS proxy in front of a database',
      workload({
        containers: [
          container('redis', 'redis:7'),
          container('tls', 'ghostunnel/ghostunnel:v1.8', {
            args: ['server', '--listen=0.0.0.0:6380', '--target=127.0.0.1:6379'],
          }),
        ],
      }),
    ],
    [
      'a login proxy in front of a database that speaks HTTP',
      workload({
        containers: [
          container('elasticsearch', 'elasticsearch:8.17.0', { ports: [{ containerPort: 9200 }] }),
          container('oauth2-proxy', 'quay.io/oauth2-proxy/oauth2-proxy:v7.7.1', {
            args: ['--upstream=http://127.0.0.1:9200'],
          }),
        ],
      }),
    ],
    [
      'a store and its sentinel',
      workload({
        containers: [
          container('redis', 'redis:7'),
          container('c', 'redis:7', { command: ['redis-sentinel', '/etc/redis/sentinel.conf'] }),
        ],
      }),
    ],
    ['a database without an app', workload({ containers: [db] })],
    [
      'a database with its exporter',
      workload({ containers: [db, container('metrics', 'prometheuscommunity/postgres-exporter:v0.15.0')] }),
    ],
    ['a proxy to the database', workload({ containers: [web, container('pg', 'bitnami/pgbouncer:1.23')] })],
    [
      'a client taken from the image of the database',
      workload({
        containers: [web],
        initContainers: [
          container('wait', 'postgres:16', {
            command: ['sh', '-c', 'until pg_isready -h db; do sleep 1; done'],
          }),
        ],
      }),
    ],
    [
      'a backup that runs the client',
      workload(
        {
          restartPolicy: 'Never',
          containers: [container('dump', 'postgres:16', { command: ['pg_dump', '-h', 'db'] })],
        },
        { kind: 'Job' },
      ),
    ],
    [
      'a container that the annotation calls a sidecar',
      workload(
        { containers: [web, container('cache', 'redis:7')] },
        { annotations: { 'pod-review/role.cache': 'sidecar' } },
      ),
    ],
  ],
});
