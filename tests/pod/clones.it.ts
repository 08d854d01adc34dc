import { needs } from '@pod-patterns/kit/testing/needs';
import { redisServer } from '@pod-patterns/kit/testing/redis';
import { describe, expect, it } from 'vitest';
import { untilSeenUp } from './ask-pod.ts';
import { makePageViews } from './page-views.ts';
import { Pod } from './pod.ts';

const rounds = 2;
const timeout = 120_000;

/** Whether each answer of this pod comes from its own process. */
async function expectWhole(pod: Pod): Promise<void> {
  const { url, processes } = pod.state;
  expect(pod.pids.sort()).toEqual(processes.map(({ pid }) => pid).sort());
  await untilSeenUp(pod.pageUrl);
  await makePageViews(url, { page: 'mine', count: 7 });
  expect(await (await fetch(`${url}/api/views`)).json()).toMatchObject({ views: { mine: 7 } });
}

describe('starts at the same moment', needs(redisServer), () => {
  it(
    `of three clones give each a whole pod of its own, ${rounds} times`,
    async () => {
      for (let round = 0; round < rounds; round++) {
        using one = new Pod();
        using two = new Pod();
        using three = new Pod();
        const pods = [one, two, three];
        const ran = await Promise.all(pods.map((pod) => pod.run('up').ended));
        for (const { status, output } of ran)
          expect([status, output]).toEqual([0, expect.stringContaining('The pod is up')]);
        for (const pod of pods) await expectWhole(pod);
      }
    },
    timeout,
  );

  it(
    'of one clone give it one pod: the others wait for the first',
    async () => {
      using pod = new Pod();
      const ran = await Promise.all([1, 2, 3].map(() => pod.run('up').ended));
      const outputs = ran.map(({ output }) => output);
      expect(ran.map(({ status }) => status)).toEqual([0, 0, 0]);
      expect(outputs.filter((output) => output.includes('The pod is up'))).toHaveLength(1);
      expect(outputs.filter((output) => output.includes('The pod is already running'))).toHaveLength(2);
      await expectWhole(pod);
    },
    timeout,
  );
});
