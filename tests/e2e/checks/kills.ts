import type { AppCheck } from '../check.ts';
import { describeTally } from '../tally.ts';
import { disturb, helpers } from './disturbed.ts';

/** A helper that crashes comes back alone; web goes on, and what users were told is true. */
export const kills: readonly AppCheck[] = helpers.map((container) => ({
  title: `${container} killed under load`,
  async see(app) {
    const { tally, seconds } = await disturb(app, container, 'SIGKILL');
    return `back alone after ${seconds.toFixed(0)} s; ${describeTally(tally)}, nothing acknowledged was lost`;
  },
}));
