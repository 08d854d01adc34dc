import type { Container } from '../pod/container.ts';
import { ownPort } from '../pod/ports.ts';
import { asRecord } from '../record.ts';
import type { KubernetesObject } from '../strict/read-object.ts';
import type { Rule } from './rule.ts';

export const appWithoutReadinessProbe: Rule = {
  id: 'app-without-readiness-probe',
  severity: 'warning',
  why: 'A Service sends requests to a pod as soon as all its containers are ready, and one without a readiness probe is ready when its process runs: requests fail at every start and rollout.',
  fix: 'Add a readinessProbe to the container that the Service leads to.',
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
        const service = services.find((one) => leadsInto(one, container));
        if (service === undefined) continue;
        yield {
          path: container.path,
          container: container.name,
          message: `the Service ${service.name} leads to ${container.name}, which has no readinessProbe`,
        };
      }
    },
  },
};

function leadsInto({ value }: KubernetesObject, container: Container): boolean {
  const { ports } = asRecord(value['spec']);
  const targets: readonly unknown[] = Array.isArray(ports) ? ports : [];
  return targets.some((one) => {
    const { port, targetPort = port } = asRecord(one);
    const isPort = typeof targetPort === 'number' || typeof targetPort === 'string';
    return isPort && ownPort(container, targetPort) !== undefined;
  });
}
