import { containerRequests } from '../strict/api/requests.ts';
import type { Rule } from './rule.ts';

/** Below this the copies cost less than another Deployment to run. */
const worthBytes = 1024 ** 3;

export const helperCouldBeShared: Rule = {
  id: 'helper-could-be-shared',
  severity: 'info',
  why: 'A StatsD adaptor accepts packets over the network: one per pod multiplies its memory by the number of replicas, although one Deployment with a Service would do. One per pod is worth the cost if it must receive only localhost traffic, or label series by pod.',
  fix: 'Run one Deployment with a Service (or a DaemonSet, one per node), and point the apps at it.',
  link: 'https://github.com/prometheus/statsd_exporter#deployment-recommendation',
  check: {
    *pod(pod) {
      for (const container of pod.containers.filter(
        ({ role, form }) => role === 'adaptor' && form !== 'init',
      )) {
        const takesStatsd = /statsd/.test(`${container.name} ${container.spec.image ?? ''}`);
        const { memoryBytes, cpuMillis } = containerRequests(container.spec);
        if (!takesStatsd || pod.replicas < 2 || memoryBytes * pod.replicas < worthBytes) continue;
        yield {
          path: container.path,
          container: container.name,
          message: `${container.name} requests ${pod.replicas} × ${mebi(memoryBytes)} = ${mebi(memoryBytes * pod.replicas)} of memory and ${cpuMillis * pod.replicas}m of cpu; one shared instance would request ${mebi(memoryBytes)}`,
        };
      }
    },
  },
};

const mebi = (bytes: number) => `${Math.round(bytes / 1024 ** 2)}Mi`;
