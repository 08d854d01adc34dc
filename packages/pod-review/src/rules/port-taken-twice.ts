import { runsBeside } from '../pod/ports.ts';
import type { Rule } from './rule.ts';

export const portTakenTwice: Rule = {
  id: 'port-taken-twice',
  severity: 'warning',
  why: 'All containers of a pod share one network namespace. If two listen on the same port, the second cannot bind it and restarts forever.',
  fix: 'Give one of them another port.',
  link: 'https://kubernetes.io/docs/concepts/workloads/pods/#pod-networking',
  check: {
    *pod(pod) {
      const taken = new Map<string, string>();
      for (const { name, spec, path } of pod.containers.filter(runsBeside)) {
        for (const [index, { containerPort, protocol = 'TCP' }] of (spec.ports ?? []).entries()) {
          // missing-field reports ports without a number
          if (containerPort === 0) continue;
          const key = `${protocol} ${containerPort}`;
          const owner = taken.get(key);
          if (owner !== undefined && owner !== name) {
            yield {
              path: [...path, 'ports', index, 'containerPort'],
              container: name,
              message: `${name} and ${owner} both listen on ${key}`,
            };
          }
          taken.set(key, owner ?? name);
        }
      }
    },
  },
};
