import { eventually } from '@pod-patterns/kit/testing/eventually';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docker, imageOf, mustDocker, restricted } from './docker.ts';

const network = `admin-strangers-${process.pid}`;
const tmp = ['--tmpfs', '/tmp:uid=65532'];

/** Services with the paths that show or change more than health and figures. */
const services = [
  { name: 'web', port: 8081, args: ['--log-dir', '/tmp', '--faults'], closed: ['/faults', '/faults/crash'] },
  {
    name: 'log-shipper',
    port: 9101,
    args: ['--paths', '/tmp/*.log', '--sink', 'stdout:', '--state-dir', '/tmp'],
    closed: ['/status'],
  },
  {
    name: 'statsd-adaptor',
    port: 9102,
    args: ['--web.enable-lifecycle'],
    closed: ['/status', '/-/reload', '/-/quit'],
  },
  {
    name: 'redis-ambassador',
    port: 9103,
    args: ['--upstream', 'redis://u:secret@127.0.0.1:1'],
    closed: ['/status'],
  },
  { name: 'pod-page', port: 8091, args: [], closed: ['/'] },
] as const;

const asked = `
  const [url, method] = process.argv.slice(1);
  fetch(url, { method }).then(async (answer) => console.log(answer.status, (await answer.text()).slice(0, 300)));
`;

describe.each(services)(
  'the admin port of $name, asked by another container',
  ({ name, port, args, closed }) => {
    const container = `${network}-${name}`;
    const stranger = `${container}-stranger`;

    beforeAll(async () => {
      mustDocker('network', 'create', '--internal', `${network}-${name}`);
      const joined = ['--detach', '--network', `${network}-${name}`, ...restricted];
      mustDocker('run', ...joined, ...tmp, '--name', container, imageOf(name), ...args);
      mustDocker(
        ...['run', ...joined, '--name', stranger, '--entrypoint', '/nodejs/bin/node', imageOf('wait-for')],
        ...['-e', 'setInterval(() => {}, 1e6)'],
      );
      await eventually(() => ask('/readyz').startsWith('200'));
    });
    afterAll(() => {
      docker('rm', '--force', container, stranger);
      docker('network', 'rm', `${network}-${name}`);
    });

    const ask = (path: string, { method = 'GET', from = stranger } = {}) => {
      const host = from === stranger ? container : '127.0.0.1';
      return docker('exec', from, '/nodejs/bin/node', '-e', asked, `http://${host}:${port}${path}`, method)
        .stdout;
    };

    it('gives health and metrics', () => {
      expect(['/livez', '/readyz', '/metrics'].map((path) => ask(path).split(' ')[0])).toEqual([
        '200',
        '200',
        '200',
      ]);
      expect(ask('/readyz')).not.toContain('secret');
    });

    it('refuses everything else by any method and says how to allow it, but answers the pod itself', () => {
      for (const path of ['/', '/no-such-path', ...closed]) {
        for (const method of ['GET', 'POST', 'PUT'])
          expect(ask(path, { method })).toMatch(/^403 only for callers on loopback .*--admin-open/);
      }
      expect(ask('/', { from: container })).toMatch(/^200 /);
      expect(ask('/livez')).toMatch(/^200 /);
    });
  },
);
