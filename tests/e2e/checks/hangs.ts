import { expectAllCounted, freshPod } from '../app.ts';
import type { AppCheck } from '../check.ts';
import { restarted, restartsOf } from '../pods.ts';
import { signal } from '../processes.ts';
import { describeTally } from '../tally.ts';

/** By the promise of the manifests. */
const mostSeconds = 40;

/** A helper that hangs is replaced, without the pod's grace, and does not hold web. */
export const hangs: readonly AppCheck[] = ['log-shipper', 'statsd-adaptor', 'redis-ambassador'].map(
  (container) => ({
    title: `${container} hangs under load`,
    async see(app) {
      const page = app.newPage();
      const pod = await freshPod(app);
      await using load = await app.view(page);
      const since = performance.now();
      await signal(app.kubectl, { pod, container, name: 'SIGSTOP' });
      await restarted(app.kubectl, pod, container);
      const seconds = (performance.now() - since) / 1000;
      await load.more(120);
      const tally = await load.stop();
      if (seconds > mostSeconds) throw new Error(`replaced after ${seconds.toFixed(0)} s`);
      if (tally.others.size > 0 && container !== 'redis-ambassador') throw new Error(describeTally(tally));
      if ((await restartsOf(app.kubectl, pod, 'web')) > 0) throw new Error('web was restarted too');
      await expectAllCounted(app, page, tally);
      return `replaced after ${seconds.toFixed(0)} s; ${describeTally(tally)}, slowest answer ${tally.slowestMs} ms`;
    },
  }),
);
