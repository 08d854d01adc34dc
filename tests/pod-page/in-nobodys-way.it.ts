import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { redisServer } from '@pod-patterns/kit/testing/redis';
import { expect, it } from 'vitest';
import { isRunning } from '../../scripts/pod/process-id.ts';
import { makePageViews } from '../pod/page-views.ts';
import { Pod } from '../pod/pod.ts';

it.each(['SIGKILL', 'SIGSTOP'] as const)(
  'no request of web fails while pod-page gets %s',
  needs(redisServer),
  async (signal) => {
    using pod = new Pod();
    expect(pod.up()).toMatchObject({ status: 0 });
    // a browser has the page open
    const hangUp = new AbortController();
    const stream = await fetch(`${pod.pageUrl}/picture`, { signal: hangUp.signal });
    const page = pod.process('pod-page');
    let isOver = false;
    const views = (async () => {
      let round = 0;
      const told = { counted: 0, uncounted: 0 };
      // more requests after its end
      for (let after = 0; after < 3; after += isOver ? 1 : 0) {
        const { counted, uncounted } = await makePageViews(pod.state.url, {
          page: `round-${round++}`,
          count: 200,
        });
        told.counted += counted.length;
        told.uncounted += uncounted.length;
      }
      return { ...told, made: round * 200 };
    })();
    await stream.body?.getReader().read();
    process.kill(page.pid, signal);
    if (signal === 'SIGKILL') await eventually(() => !isRunning(page));
    isOver = true;
    const { counted, uncounted, made } = await views;
    expect({ counted, uncounted }).toEqual({ counted: made, uncounted: 0 });
    hangUp.abort();
    if (signal === 'SIGSTOP') process.kill(page.pid, 'SIGCONT');
  },
);
