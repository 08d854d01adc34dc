import { expectAllCounted, freshPod } from '../app.ts';
import type { AppCheck } from '../check.ts';
import { restarted, restartsOf } from '../pods.ts';
import { signal } from '../processes.ts';
import { describeTally } from '../tally.ts';

/** A helper that crashes comes back alone; web goes on, and what users were told is true. */
export const kills: readonly AppCheck[] = ['log-shipper', 'statsd-adaptor', 'redis-ambassador'].map(
  (container) => ({
    title: `${container} killed under load`,
    async see(app) {
      const page = app.newPage();
      const pod = await freshPod(app);
      await using load = await app.view(page);
      await signal(app.kubectl, { pod, container, name: 'SIGKILL' });
      await restarted(app.kubectl, pod, container);
      await load.more(120);
      const tally = await load.stop();
      const isAmbassador = container === 'redis-ambassador';
      if (tally.others.size > 0 && !isAmbassador) throw new Error(describeTally(tally));
      if ((await restartsOf(app.kubectl, pod, 'web')) > 0) throw new Error('web was restarted too');
      await expectAllCounted(app, page, tally);
      return `back alone; ${describeTally(tally)}, nothing acknowledged was lost`;
    },
  }),
);
