import { portsInto } from '../pod/services.ts';
import type { Rule } from './rule.ts';

export const appWithoutReadinessProbe: Rule = {
  id: 'app-without-readiness-probe',
  severity: 'warning',
  why: 'A Service sends requests to a pod as soon as all its containers are ready. A container without a readiness probe is ready when its process runs, so requests fail at every start and rollout.',
  fix: 'Add a readinessProbe to the container that serves the Service.',
  link: 'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#readiness-probe',
  check: {
    *pod(pod, input) {
      const unready = pod.containers.filter(
        ({ spec }) => spec.readinessProbe === undefined && spec.ports !== undefined,
      );
      // most pods have none, and then the Services need not be looked at
      if (unready.length === 0) return;
      const services = input.servicesOf(pod);
      for (const container of unready) {
        const service = services.find((one) => portsInto(one, container).length > 0);
        if (service === undefined) continue;
        yield {
          path: container.path,
          container: container.name,
          message: `${container.name} serves the Service ${service.name} and has no readinessProbe`,
        };
      }
    },
  },
};
