import { expect } from 'vitest';
import { container, sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { datastoreBesideApp } from './datastore-beside-app.ts';

const db = container('db', 'postgres:16', { ports: [{ containerPort: 5432 }] });

testRule(datastoreBesideApp, {
  fires: [
    [
      'the web server and its database',
      workload({ containers: [web, db] }),
      { container: 'db', message: expect.stringContaining('postgres') },
    ],
    ['a database that is the first container', workload({ containers: [db, web] }), { container: 'db' }],
    [
      'a database as native sidecar',
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
      'an image of its own that keeps data at the port of a database',
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
    ['a database alone', workload({ containers: [db] })],
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
