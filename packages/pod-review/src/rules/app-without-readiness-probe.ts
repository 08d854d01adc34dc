import { selects } from '../api/selects.ts';
import { ownPort } from '../pod/ports.ts';
import { asRecord } from '../record.ts';
import { besides } from './input.ts';
import type { Rule } from './rule.ts';

export const appWithoutReadinessProbe: Rule = {
  id: 'app-without-readiness-probe',
  severity: 'warning',
  why: 'A Service sends requests to a pod as soon as all its containers are ready, and one without a readiness probe is ready when its process runs: requests fail at every start and rollout.',
  fix: 'Add a readinessProbe to the container that the Service leads to.',
  link: 'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#readiness-probe',
  check: {
    *pod(pod, input) {
      for (const service of besides(input, pod, 'Service')) {
        const { selector, ports } = asRecord(service.value['spec']);
        const matchLabels = asRecord(selector);
        if (Object.keys(matchLabels).length === 0 || !selects({ matchLabels }, pod.labels)) continue;
        const targets: readonly unknown[] = Array.isArray(ports) ? ports : [];
        for (const container of pod.containers) {
          const isTarget = targets.some((one) => {
            const { port, targetPort = port } = asRecord(one);
            return (
              (typeof targetPort === 'number' || typeof targetPort === 'string') &&
              ownPort(container, targetPort) !== undefined
            );
          });
          if (!isTarget || container.spec.readinessProbe !== undefined) continue;
          yield {
            path: container.path,
            container: container.name,
            message: `the Service ${service.name} leads to ${container.name}, which has no readinessProbe`,
          };
        }
      }
    },
  },
};
