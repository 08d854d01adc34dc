import type { Rule } from './rule.ts';

export const sidecarWithoutStartupProbe: Rule = {
  id: 'sidecar-without-startup-probe',
  severity: 'warning',
  why: 'Without a startup probe, a sidecar counts as started as soon as its process runs: the app starts before the sidecar listens, and its first requests are refused. A readiness probe does not delay the next container.',
  fix: 'Add a startupProbe that asks whether the sidecar serves, with periodSeconds: 1 and a failureThreshold of 30 or more.',
  link: 'https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#differences-from-application-containers',
  check: {
    *pod(pod) {
      for (const { name, role, form, spec, path } of pod.containers) {
        const isNeeded =
          role === 'ambassador' ||
          role === 'adaptor' ||
          (role === 'sidecar' && (spec.ports ?? []).length > 0);
        if (form !== 'native-sidecar' || !isNeeded || spec.startupProbe !== undefined) continue;
        yield {
          path,
          container: name,
          message: `${name} (${role}) has no startupProbe, so the app starts before it listens`,
        };
      }
    },
  },
};
