import { expectOnce, rolledOut } from '../app.ts';
import type { AppCheck } from '../check.ts';
import { podsOf } from '../pods.ts';
import { describeTally } from '../tally.ts';

/** The pod of Redis is replaced: web answers with clear errors, and continues without any restart. */
export const redisMoved: AppCheck = {
  title: 'Redis killed and replaced under load',
  async see(app) {
    const page = app.newPage();
    await using load = await app.view(page);
    await app.kubectl.run('delete', 'pod', 'redis-0', '--grace-period=0', '--force');
    await rolledOut(app.kubectl, 'statefulset/redis');
    await load.more(240);
    const tally = await load.stop();
    const unclear = [...tally.others.keys()].filter((name) => name !== '503');
    if (unclear.length > 0) throw new Error(describeTally(tally));
    const restarts = (await podsOf(app.kubectl, 'web')).flatMap(({ status }) =>
      (status.containerStatuses ?? []).map(({ restartCount }) => restartCount),
    );
    if (restarts.some((count) => count > 0)) throw new Error('web was restarted');
    expectOnce(app, page);
    return describeTally(tally);
  },
};
