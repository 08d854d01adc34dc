import { eventually } from '@pod-patterns/kit/testing/eventually';
import { expectUnnoticed, rolledOut } from '../app.ts';
import type { AppCheck } from '../check.ts';
import type { Kubectl } from '../kubectl.ts';
import { type Pod, podsOf } from '../pods.ts';
import { describeTally } from '../tally.ts';

/** Evicts a pod, as `kubectl drain` does; the disruption budget may refuse for a time. */
async function evict(kubectl: Kubectl, { name, namespace }: Pod['metadata']): Promise<void> {
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
  const ask = () => kubectl.post(path, eviction).then(() => true);
  await eventually(ask, { timeoutMs: 120_000, everyMs: 500 });
}

/** Drains all nodes, one after the other: at most one replica is down. */
export const drain: AppCheck = {
  title: 'drain: every pod of web evicted, under load',
  async see(app) {
    const page = app.newPage();
    const before = await podsOf(app.kubectl, 'web');
    await using load = await app.view(page);
    for (const { metadata } of before) await evict(app.kubectl, metadata);
    await rolledOut(app.kubectl, 'deployment/web');
    await load.more(60);
    const tally = await load.stop();
    await expectUnnoticed(app, page, tally);
    return `${before.length} pods; ${describeTally(tally)}`;
  },
};
