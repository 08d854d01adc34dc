import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { redisServer } from '@pod-patterns/kit/testing/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRunning } from '../../scripts/pod/process-id.ts';
import { untilSeenUp } from './ask-pod.ts';
import { Clone } from './clone.ts';
import { makePageViews } from './page-views.ts';

describe('make up of an incomplete pod', needs(redisServer), () => {
  const clone = new Clone();
  const { pod } = clone;
  let views = 0;

  beforeAll(() => {
    expect(pod.up()).toMatchObject({ status: 0 });
  });
  afterAll(() => clone[Symbol.dispose]());

  // beside this process, which has to notice that its connections are closed
  const up = () => pod.run('up').ended;
  const pids = () => Object.fromEntries(pod.state.processes.map(({ name, pid }) => [name, pid]));
  const kill = async (name: string) => {
    const killed = pod.process(name);
    process.kill(killed.pid, 'SIGKILL');
    await eventually(() => !isRunning(killed));
  };
  const view = async () => (await fetch(`${pod.state.url}/api/views/again`, { method: 'POST' })).json();
  const expectWhole = async () => {
    expect(await view()).toEqual({ page: 'again', views: ++views });
    await untilSeenUp(pod.pageUrl);
  };

  it('works to begin with', expectWhole);

  it.each(['web', 'redis', 'statsd-adaptor'])(
    'starts %s again on the same ports, and says so',
    async (name) => {
      const before = { pids: pids(), ports: pod.state.ports };
      await kill(name);
      const { status, output } = await up();
      expect([status, output]).toEqual([
        0,
        expect.stringMatching(new RegExp(`${name} +has ended: starting it`)),
      ]);
      expect(output).toContain(`The pod is complete again: ${pod.state.url}`);
      expect({ pids: { ...pids(), [name]: before.pids[name] }, ports: pod.state.ports }).toEqual(before);
      await expectWhole();
    },
  );

  it('starts a rebuilt program again', async () => {
    const before = pids();
    clone.change('web');
    expect((await up()).output).toMatch(/web +has changed: starting it/);
    expect({ ...pids(), web: before['web'] }).toEqual(before);
    await expectWhole();
  });

  it('starts the whole pod on other ports if a port was taken meanwhile', async () => {
    const { http } = pod.state.ports;
    await kill('web');
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(http, '127.0.0.1', resolve));
    const { status, output } = await up();
    other.close();
    expect([status, output]).toEqual([0, expect.stringContaining('Starting the whole pod again')]);
    expect(pod.state.ports.http).not.toBe(http);
    expect(pod.pids.sort()).toEqual(pod.state.processes.map(({ pid }) => pid).sort());
    await expectWhole();
  });

  it('keeps counts and shipped records after make down', async () => {
    await makePageViews(pod.state.url, { page: 'kept', count: 5 });
    const shipped = () => pod.shipped().filter(({ page }) => page === 'kept').length;
    await eventually(() => shipped() === 5);
    expect((await pod.run('down').ended).output).toContain('make clean removes them');
    expect(await up()).toMatchObject({ status: 0 });
    const view = await fetch(`${pod.state.url}/api/views/kept`, { method: 'POST' });
    expect(await view.json()).toEqual({ page: 'kept', views: 6 });
    await eventually(() => shipped() === 6);
  });

  it('loses its data by make clean, which says so', () => {
    expect(pod.down('--all')).toMatchObject({ status: 0, output: expect.stringContaining('Removed ') });
    expect(existsSync(pod.folder)).toBe(false);
    expect(pod.down('--all')).toEqual({ status: 0, output: 'No pod runs here.\n' });
  });
});
