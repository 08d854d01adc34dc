import type { AppCheck } from '../check.ts';
import { describeTally } from '../tally.ts';
import { disturb, helpers } from './disturbed.ts';

/** The limit that the manifests promise. */
const mostSeconds = 40;

/** A helper that hangs is replaced without the pod's grace period, and does not block web. */
export const hangs: readonly AppCheck[] = helpers.map((container) => ({
  title: `${container} hangs under load`,
  async see(app) {
    const { tally, seconds } = await disturb(app, container, 'SIGSTOP');
    const replaced = `replaced after ${seconds.toFixed(0)} s`;
    if (seconds > mostSeconds) throw new Error(replaced);
    return `${replaced}; ${describeTally(tally)}, slowest answer ${tally.slowestMs} ms`;
  },
}));
