import { isPlaceholder } from '../pod/container.ts';
import type { Rule } from './rule.ts';

export const missingLimits: Rule = {
  id: 'missing-limits',
  severity: 'warning',
  why: 'Without requests the scheduler takes the container for free and packs the node too full; without a memory limit a leak in a helper takes the node’s memory, and the kernel may kill the app for it.',
  fix: 'Set requests for cpu and memory and a limit for memory, from measurement. A limit for cpu is not needed, and throttles proxies.',
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
