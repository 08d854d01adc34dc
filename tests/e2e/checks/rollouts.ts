import { expectUnnoticed, restart } from '../app.ts';
import type { AppCheck } from '../check.ts';
import { describeTally } from '../tally.ts';

const restarts = 3;

/** Users do not notice a rolling update, and no acknowledged view is lost. */
export const rollouts: AppCheck = {
  title: `${restarts} rolling restarts under load`,
  async see(app) {
    const page = app.newPage();
    await using load = await app.view(page);
    for (let count = 0; count < restarts; count += 1) await restart(app.kubectl, 'web');
    await load.more(60);
    const tally = await load.stop();
    await expectUnnoticed(app, page, tally);
    return `${describeTally(tally)}; each view in Redis and in the shipped log exactly once`;
  },
};
