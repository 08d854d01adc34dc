import { containerRequests } from '../strict/api/requests.ts';
import type { Rule } from './rule.ts';

/** Below this the copies cost less than another Deployment to run. */
const worthBytes = 1024 ** 3;

export const helperCouldBeShared: Rule = {
  id: 'helper-could-be-shared',
  severity: 'info',
  why: 'A StatsD adaptor takes packets from anywhere: one per pod multiplies its memory by the number of replicas, where one Deployment behind a Service would do. In the pod it is worth its cost when it must see localhost traffic only, or label series by pod.',
  fix: 'Run it once as a Deployment and a Service (or once per node as a DaemonSet) and point the apps there.',
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
          message: `${container.name} asks for ${pod.replicas} × ${mebi(memoryBytes)} = ${mebi(memoryBytes * pod.replicas)} of memory and ${cpuMillis * pod.replicas}m of cpu; one for all would ask for ${mebi(memoryBytes)}`,
        };
      }
    },
  },
};

const mebi = (bytes: number) => `${Math.round(bytes / 1024 ** 2)}Mi`;
