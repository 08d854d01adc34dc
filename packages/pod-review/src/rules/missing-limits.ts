import { isPlaceholder } from '../pod/container.ts';
import type { Rule } from './rule.ts';

export const missingLimits: Rule = {
  id: 'missing-limits',
  severity: 'warning',
  why: 'Without requests, the scheduler counts the container as free and overcommits the node. Without a memory limit, a leak in a helper uses up the node’s memory, and the kernel may kill the app.',
  fix: 'Measure, then set requests for cpu and memory and a limit for memory. A cpu limit is not needed, and throttles proxies.',
  link: 'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
  check: {
    *pod(pod) {
      const whole = pod.spec.resources ?? {};
      for (const { name, spec, path } of pod.containers.filter((one) => !isPlaceholder(one))) {
        const { requests = {}, limits = {} } = spec.resources ?? {};
        const has = (kind: 'requests' | 'limits', resource: string) => {
          const own = kind === 'requests' ? { ...limits, ...requests } : limits;
          return Object.hasOwn(own, resource) || Object.hasOwn(whole[kind] ?? {}, resource);
        };
        const missing = [
          ...(has('requests', 'cpu') ? [] : ['cpu request']),
          ...(has('requests', 'memory') ? [] : ['memory request']),
          ...(has('limits', 'memory') ? [] : ['memory limit']),
        ];
        if (missing.length === 0) continue;
        yield {
          path: spec.resources === undefined ? path : [...path, 'resources'],
          container: name,
          message: `${name} has no ${missing.join(', no ')}`,
        };
      }
    },
  },
};
