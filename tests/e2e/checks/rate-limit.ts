import { clientNamespace, namespaceOf, restart, rolledOut } from '../app.ts';
import type { ClusterCheck } from '../check.ts';
import { Load } from '../load.ts';
import { describeTally } from '../tally.ts';

const restarts = 3;

/** nginx drains before web ends, so a rollout causes no 502. Requests above the limit get 429. */
export const rateLimit: ClusterCheck = {
  title: `patterns/rate-limit: ${restarts} rolling restarts under load`,
  async see(cluster) {
    const kubectl = cluster.in('pattern-rate-limit');
    try {
      await cluster.run('apply', '-k', 'k8s/patterns/rate-limit');
      await cluster.send([namespaceOf(clientNamespace)], 'apply');
      await rolledOut(kubectl, 'deployment/rate-limit');
      const url = 'http://web.pattern-rate-limit.svc/api/info';
      await using load = await Load.start(cluster.in(clientNamespace), { url });
      for (let count = 0; count < restarts; count += 1) await restart(kubectl, 'rate-limit');
      await load.more(60);
      const tally = await load.stop();
      const refused = tally.others.get('429') ?? 0;
      const others = new Map([...tally.others].filter(([name]) => name !== '429'));
      const described = describeTally({ ...tally, others });
      if (others.size > 0) throw new Error(described);
      return `${described}; ${refused.toLocaleString('en')} answered 429`;
    } finally {
      await cluster.run('delete', '-k', 'k8s/patterns/rate-limit', '--ignore-not-found');
      await cluster.run('delete', 'namespace', clientNamespace, '--ignore-not-found');
    }
  },
};
