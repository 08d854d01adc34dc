import { ownerOf } from '../pod/ports.ts';
import { asRecord } from '../record.ts';
import type { Rule } from './rule.ts';

export const servicePortNotInPod: Rule = {
  id: 'service-port-not-in-pod',
  severity: 'warning',
  why: 'A Service resolves a named targetPort among the ports of the pods it selects. If none has the name, the port has no endpoints, and every connection to it is refused.',
  fix: 'Give the container port that name, or correct the targetPort.',
  link: 'https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
  check: {
    *object(object, input) {
      if (object.apiVersion !== 'v1' || object.kind !== 'Service') return;
      const { ports } = asRecord(object.value['spec']);
      const pods = input.podsOf(object);
      const targets: readonly unknown[] = Array.isArray(ports) ? ports : [];
      for (const [index, one] of targets.entries()) {
        const { targetPort } = asRecord(one);
        if (typeof targetPort !== 'string' || targetPort === '' || pods.length === 0) continue;
        if (pods.some(({ containers }) => ownerOf(targetPort, containers) !== undefined)) continue;
        yield {
          path: ['spec', 'ports', index, 'targetPort'],
          message: `no container of ${pods
            .slice(0, 3)
            .map(({ id }) => id)
            .join(', ')} has a port named ${targetPort}`,
        };
      }
    },
  },
};
