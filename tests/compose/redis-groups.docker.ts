import { eventually } from '@pod-patterns/kit/testing/eventually';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ViewLoad } from '../manifests/view-load.ts';
import { ComposePod } from './compose-pod.ts';
import { clusterGroup, Servers, sentinelGroup } from './redis-group.ts';

/** The pod with several Redis servers, one of which is lost under load; their files are those of k8s/backends. */
describe.each([sentinelGroup, clusterGroup])('the profile $profile', (group) => {
  const pod = new ComposePod({ COMPOSE_PROFILES: group.profile, UPSTREAM: group.upstream });
  const servers = new Servers(pod, group);
  const lost: string[] = [];
  beforeAll(() => pod.up());
  afterAll(() => pod.down());

  const view = async (page: string) => (await fetch(`${pod.url}/api/views/${page}`, { method: 'POST' })).ok;
  const isServed = (page: string) => eventually(() => view(page), { timeoutMs: 120_000, everyMs: 200 });

  /** Sends views while the primary is lost, until another one has counted some. */
  async function losePrimary(page: string, lose: (server: string) => void): Promise<void> {
    const before = await servers.primary();
    lost.push(before);
    await isServed(page);
    await using load = new ViewLoad(`${pod.url}/api/views/${page}`);
    const isSeen = (server: string, count: number) =>
      eventually(() => Number(servers.ask(server, 'app', `hget views ${page}`)) > count, {
        timeoutMs: 60_000,
      });
    await isSeen(before, 20);
    lose(before);
    const after = await servers.primary(before);
    await isServed(page);
    const then = Number(servers.ask(after, 'app', `hget views ${page}`));
    await isSeen(after, then + 20);
    const { acknowledged, failed } = await load.stop();
    // a clear answer within the deadline of the client
    expect(failed.filter((answer) => !answer.startsWith('503 '))).toEqual([]);
    // a view with the answer 503 may have been counted, and views that waited for the primary are counted
    const counted = Number(servers.ask(after, 'app', `hget views ${page}`));
    expect(counted, `with ${failed.length} × 503`).toBeGreaterThanOrEqual(acknowledged);
  }

  it('counts a page view on one server, and every other server has its role', async () => {
    await isServed('first');
    expect(Number(servers.ask(await servers.primary(), 'app', 'hget views first'))).toBeGreaterThan(0);
    await servers.whole();
  });

  it('loses no acknowledged view when the primary is killed under load, and answers all the time', async () => {
    await losePrimary('killed', (server) => servers.kill(server));
  });

  it(`takes the lost server back as a replica${group.isMoved ? ', at another address' : ''}`, async () => {
    for (const server of lost) servers.startAgain(server);
    await servers.whole();
    for (const server of lost) expect(servers.roleOf(server)).toBe('slave connected');
  });

  it('continues when the next primary loses its data and restarts at once', async () => {
    await losePrimary('data-lost', (server) => servers.loseData(server));
    await servers.whole();
    const primary = await servers.primary();
    expect(Number(servers.ask(primary, 'app', 'hget views killed'))).toBeGreaterThan(20);
  });
});
