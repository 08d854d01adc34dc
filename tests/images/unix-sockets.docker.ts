import { eventually } from '@pod-patterns/kit/testing/eventually';
import { afterEach, expect, it } from 'vitest';
import { docker, imageOf, mustDocker, restricted } from './docker.ts';

const image = imageOf('statsd-adaptor');
let container = '';
afterEach(() => void docker('rm', '--force', container));

const start = (...args: readonly string[]) =>
  mustDocker('run', '--detach', ...restricted, '--tmpfs=/run/statsd:uid=65532', image, ...args);

const ask = (path: string) => {
  const script = `fetch('http://127.0.0.1:9102${path}').then(async (answer) => console.log(await answer.text()))`;
  return docker('exec', container, '/nodejs/bin/node', '-e', script).stdout;
};

it('the image serves unix sockets as 65532 under a read-only root', async () => {
  container = start(
    '--statsd.listen-unixgram=/run/statsd/gram',
    '--statsd.listen-unixstream=/run/statsd/stream',
  );
  await eventually(() => ask('/-/ready').includes('Ready'), { timeoutMs: 30_000 });
  const send = `
    const libc = require('/app/koffi.node').load('libc.so.6');
    const address = Buffer.from('__/run/statsd/gram\\0');
    address.writeUInt16LE(1);
    const socket = libc.func('int socket(int, int, int)')(1, 2, 0);
    libc.func('intptr_t sendto(int, void *, size_t, int, void *, uint32_t)')(
      socket, Buffer.from('a:1|c'), 5, 0, address, address.length);
    require('node:net').connect('/run/statsd/stream').end('a:2|c');
  `;
  mustDocker('exec', container, '/nodejs/bin/node', '-e', send);
  await eventually(() => ask('/metrics').includes('\na 3\n'), { timeoutMs: 30_000 });
  mustDocker('stop', '--time=10', container);
  expect(mustDocker('inspect', '--format={{.State.ExitCode}}', container)).toBe('0');
});

it('the image loads no native part without the option', async () => {
  container = start();
  await eventually(() => ask('/-/ready').includes('Ready'), { timeoutMs: 30_000 });
  // the program is the child of the init
  const maps = `console.log(require('node:fs').globSync('/proc/*/maps').map((file) => {
    try { return require('node:fs').readFileSync(file, 'utf8'); } catch { return ''; }
  }).join(''))`;
  const loaded = mustDocker('exec', container, '/nodejs/bin/node', '-e', maps);
  expect(loaded).toContain('/nodejs/bin/node');
  expect(loaded).not.toContain('koffi.node');
});
