import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { redisServer } from '@pod-patterns/kit/testing/redis';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { isRunning } from '../../scripts/pod/process-id.ts';
import { Clone } from './clone.ts';
import type { Job } from './pod.ts';

/** Starts a pod whose start gets no further than this container. */
async function startUntil(name: string, clone: Clone): Promise<Job> {
  clone.hang(name);
  const up = clone.pod.run('up');
  await eventually(() => isRunning(clone.pod.process(name)));
  return up;
}

describe('a start is all or nothing', needs(redisServer), () => {
  it.each([
    ['SIGINT', 130, 'wait-for'],
    ['SIGTERM', 143, 'log-shipper'],
    ['SIGHUP', 129, 'statsd-adaptor'],
    ['SIGINT', 130, 'web'],
  ] as const)('%s ends it with %i while %s starts, and nothing is left', async (signal, status, name) => {
    using clone = new Clone();
    const up = await startUntil(name, clone);
    expect(await up.stop(signal)).toMatchObject({ status, output: expect.stringContaining(signal) });
    expect(clone.pod.pids).toEqual([]);
    expect(existsSync(join(clone.pod.folder, 'state.json'))).toBe(false);
    expect(clone.pod.down()).toEqual({ status: 0, output: 'No pod runs here.\n' });
  });

  it('a second Ctrl-C does not keep the first from stopping everything', async () => {
    using clone = new Clone();
    const up = await startUntil('web', clone);
    process.kill(-up.pid, 'SIGINT');
    expect(await up.stop('SIGINT')).toMatchObject({ status: 130 });
    expect(clone.pod.pids).toEqual([]);
  });

  it('make down during a start ends it', async () => {
    using clone = new Clone();
    const up = await startUntil('statsd-adaptor', clone);
    expect(clone.pod.down()).toMatchObject({ status: 0, output: expect.stringContaining(`pid ${up.pid}`) });
    expect(await up.ended).toMatchObject({ status: 143 });
    expect(clone.pod.pids).toEqual([]);
  });

  it('a container that ends is named with its last line, and nothing is left', () => {
    using clone = new Clone();
    clone.replace('statsd-adaptor', 'console.error("broken on purpose"); process.exit(3)');
    const { status, output } = clone.pod.up();
    expect(status).toBe(1);
    expect(output).toContain('make up: statsd-adaptor has ended: broken on purpose');
    expect(clone.pod.pids).toEqual([]);
  });

  it('after a kill -9 of a start make down finds all of it', async () => {
    using clone = new Clone();
    const up = await startUntil('redis-ambassador', clone);
    await up.stop('SIGKILL');
    expect(clone.pod.pids.length).toBeGreaterThan(1);
    expect(clone.pod.down()).toMatchObject({ status: 0 });
    expect(clone.pod.pids).toEqual([]);
  });

  it.each(['wait-for', 'redis-ambassador'])(
    'after a kill -9 while %s starts, make up goes on',
    async (name) => {
      using clone = new Clone();
      const up = await startUntil(name, clone);
      const { pid } = clone.pod.process('redis');
      await up.stop('SIGKILL');
      clone.mend(name);
      expect(clone.pod.up()).toMatchObject({
        status: 0,
        output: expect.stringContaining(clone.pod.state.url),
      });
      expect(clone.pod.process('redis').pid).toBe(pid);
      expect(clone.pod.pids.sort()).toEqual(clone.pod.state.processes.map((process) => process.pid).sort());
      const view = await fetch(`${clone.pod.state.url}/api/views/home`, { method: 'POST' });
      expect(await view.json()).toEqual({ page: 'home', views: 1 });
    },
  );
});

it('a process that was not recorded, because its starter was killed, never runs its program', async () => {
  using dir = tempDir();
  const launch = join(import.meta.dirname, '../../scripts/pod/launch.ts');
  const starter = `
    import { mkdirSync } from 'node:fs';
    import { hold } from ${JSON.stringify(launch)};
    mkdirSync('log');
    const held = hold({ name: 'x', command: ['touch', 'it-ran'], env: {}, ports: {} }, process.cwd());
    process.stdout.write(JSON.stringify({ pid: held.pid, start: held.start }), () => process.kill(process.pid, 'SIGKILL'));
  `;
  const ran = spawnSync(process.execPath, ['--input-type=module-typescript', '--eval', starter], {
    cwd: dir.path,
    encoding: 'utf8',
  });
  expect(ran.signal).toBe('SIGKILL');
  await eventually(() => !isRunning(JSON.parse(ran.stdout)));
  expect(existsSync(dir.file('it-ran'))).toBe(false);
});
