import { once } from 'node:events';
import { existsSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { afterAll, expect, it } from 'vitest';
import { docker } from '../images/docker.ts';
import { Checkout } from './checkout.ts';

const dir = tempDir();
const folder = realpathSync(dir.path);
// folders with the same name, for which Compose alone would use one project
const [one, other] = [
  new Checkout(join(folder, 'a/pod-patterns')),
  new Checkout(join(folder, 'b/pod patterns')),
];
let urls: readonly [string, string] = ['', ''];
afterAll(async () => {
  for (const checkout of [one, other]) await checkout.make('clean');
  dir[Symbol.dispose]();
});

async function view(url: string): Promise<unknown> {
  return (await fetch(`${url}/api/views/mine`, { method: 'POST' })).json();
}

it('two clones that start at the same moment each get their own pod, also after an interrupted start', async () => {
  const up = one.start('up');
  await eventually(() => 'pod' in one.containers(), { timeoutMs: 120_000 });
  process.kill(-(up.pid ?? 0), 'SIGINT');
  await once(up, 'exit');

  urls = await Promise.all([one.up(), other.up()]);
  expect(urls[0]).not.toBe(urls[1]);
  expect(await view(urls[0])).toEqual({ page: 'mine', views: 1 });
  expect(await view(urls[1])).toEqual({ page: 'mine', views: 1 });
});

it('`make up` again restarts only the edited containers, on the same port, with short output', async () => {
  const [before, beside] = [one.containers(), other.containers()];
  one.edit('packages/web/src/routes/page.ts', 'A small web application', 'An edited web application');
  const [edited, { output }] = await Promise.all([one.up(), other.make('up')]);
  expect(edited).toBe(urls[0]);
  expect(await (await fetch(edited)).text()).toContain('An edited web application');
  const { web, ...rest } = one.containers();
  expect(web).not.toBe(before['web']);
  expect({ ...rest, web: before['web'] }).toEqual(before);

  expect(other.containers()).toEqual(beside);
  expect(output).toContain(`The pod is up, in containers: ${urls[1]}\n`);
  expect(output.split('\n').length).toBeLessThan(16);
  expect(other.hasBuildLog).toBe(true);
});

it('a plain `docker compose` in the folder finds the pod of `make`', () => {
  const found = docker('compose', '--project-directory', one.folder, 'port', 'pod', '8080');
  expect(`http://${found.stdout}`).toBe(urls[0]);
});

it('`make down` of a pod of processes does not stop the pod in containers', async () => {
  const pod = join(one.folder, '.pod');
  mkdirSync(pod, { recursive: true });
  writeFileSync(join(pod, 'state.json'), JSON.stringify({ processes: [] }));
  const { output } = await one.make('down');
  expect(output).toContain('The pod in containers keeps running: make down POD=compose stops it.');
  expect((await fetch(urls[0])).ok).toBe(true);
  rmSync(join(pod, 'state.json'), { force: true });
});

it('`make down` stops the pod of its clone and keeps the data; `make clean` removes the data; both report it', async () => {
  const volumes = one.volumes();
  expect(volumes).toContain(`${one.project}_redis`);
  const down = await one.make('down');
  expect(down.output).toMatch(/data is kept: .*_redis.*\(make clean removes it\)/);
  expect([one.containers(), one.volumes()]).toEqual([{}, volumes]);
  expect((await one.make('down')).output).toBe('No pod runs here.\n');

  const clean = await one.make('clean');
  expect(clean.output).toMatch(/data and images removed: .*_redis.*pod-patterns\/web:/);
  expect(one.volumes()).toEqual([]);
  expect(existsSync(join(one.folder, '.env'))).toBe(false);
  expect(await view(urls[1])).toEqual({ page: 'mine', views: 2 });
});
