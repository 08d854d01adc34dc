import { isHelper } from '../roles/role.ts';
import type { Rule } from './rule.ts';

export const helperNotNativeSidecar: Rule = {
  id: 'helper-not-native-sidecar',
  severity: 'warning',
  why: 'A helper among the plain containers starts at the same time as the app and is stopped at the same time: the app meets a refused connection at its start, and its last words are lost at its end. In a Job it keeps the pod running for ever. A native sidecar (stable since Kubernetes 1.33) starts before the app, ends after it, and lets a Job complete.',
  fix: 'Move the container to initContainers with restartPolicy: Always and a startupProbe.',
  link: 'https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/',
  check: {
    *pod(pod) {
      const main = pod.containers.find(({ form, role }) => form === 'app' && !isHelper(role));
      if (main === undefined) return;
      const mustEnd = pod.isJob || ['Never', 'OnFailure'].includes(pod.spec.restartPolicy ?? '');
      for (const { name, role, form, path } of pod.containers) {
        if (form !== 'app' || !isHelper(role)) continue;
        yield {
          path,
          container: name,
          message: mustEnd
            ? `${name} (${role}) is a plain container of a pod that should end: it keeps running when ${main.name} is done, so the pod never completes`
            : `${name} (${role}) is a plain container: it starts and stops together with ${main.name} instead of before and after it`,
          ...(mustEnd ? { severity: 'error' as const } : {}),
        };
      }
    },
  },
};
