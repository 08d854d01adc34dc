import { rolledOut } from '../app.ts';
import type { AppCheck } from '../check.ts';
import { containersOf, podOf, podsOf } from '../pods.ts';
import { expectOrder, secondsBetween, startsOf } from '../timeline.ts';

const order = ['wait-for', 'log-shipper', 'statsd-adaptor', 'redis-ambassador', 'pod-page', 'web'];

/** The helpers start in order, web last, and web meets no closed port. */
export const start: AppCheck = {
  title: 'start order',
  async see({ kubectl }) {
    // not the first pod, which may have waited for Redis
    await kubectl.run('delete', 'pod', (await podOf(kubectl, 'web')).metadata.name);
    await rolledOut(kubectl, 'deployment/web');
    const pod = (await podsOf(kubectl, 'web')).at(-1);
    if (pod === undefined) throw new Error('there is no pod');
    const containers = containersOf(pod);
    expectOrder(startsOf(containers), order);
    const restarts = containers.reduce((sum, { restartCount }) => sum + restartCount, 0);
    const log = await kubectl.run('logs', pod.metadata.name, '--container=web');
    const refused = log.split('\n').filter((line) => line.includes('ECONNREFUSED')).length;
    if (restarts > 0 || refused > 0) throw new Error(`${restarts} restarts, ${refused} refused connections`);
    const ready = pod.status.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? '';
    const seconds = secondsBetween(pod.metadata.creationTimestamp, ready);
    return `${order.join(', ')}; ready in ${seconds} s, no connection of web refused`;
  },
};
