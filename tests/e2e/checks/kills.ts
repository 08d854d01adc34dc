import type { AppCheck } from '../check.ts';
import { describeTally } from '../tally.ts';
import { disturb, helpers } from './disturbed.ts';

/** If a helper crashes, only the helper restarts; web continues, and acknowledged views are kept. */
export const kills: readonly AppCheck[] = helpers.map((container) => ({
  title: `${container} killed under load`,
  async see(app) {
    const { tally, seconds } = await disturb(app, container, 'SIGKILL');
    return `back alone after ${seconds.toFixed(0)} s; ${describeTally(tally)}, nothing acknowledged was lost`;
  },
}));
