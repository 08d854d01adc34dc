import { isPlaceholder } from '../pod/container.ts';
import { isHelper } from '../roles/role.ts';
import { endsOf } from './job-end.ts';
import { nativeSidecarPatch } from './native-sidecar-patch.ts';
import type { Rule } from './rule.ts';

export const helperNotNativeSidecar: Rule = {
  id: 'helper-not-native-sidecar',
  severity: 'warning',
  why: 'A helper among the plain containers starts at the same time as the app and is stopped at the same time: the app meets a refused connection at its start, and its last words are lost at its end. In a Job it keeps the pod running for ever, unless something ends it. A native sidecar (stable since Kubernetes 1.33) starts before the app, ends after it, and lets a Job complete.',
  fix: 'Move the container to initContainers with restartPolicy: Always and a startupProbe.',
  link: 'https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/',
  check: {
    *pod(pod, input) {
      const main = pod.containers.find(({ form, role }) => form === 'app' && !isHelper(role));
      if (main === undefined) return;
      const mustEnd = pod.isJob || ['Never', 'OnFailure'].includes(pod.spec.restartPolicy ?? '');
      const endOf = mustEnd ? endsOf(pod, input) : () => undefined;
      for (const container of pod.containers.filter(({ form, role }) => form === 'app' && isHelper(role))) {
        const end = endOf(container);
        if (end?.kind === 'itself' || isPlaceholder(container)) continue;
        const { name, role, path } = container;
        const fix = `${helperNotNativeSidecar.fix} As a JSON patch: ${nativeSidecarPatch(container, pod)}`;
        const says = `${name} (${role}) is a plain container`;
        if (end !== undefined) {
          const message = `${says} of a pod that should end: ${end.how}, and where that fails, the pod never completes`;
          yield { path, container: name, fix, message };
        } else if (mustEnd) {
          const message = `${says} of a pod that should end: it keeps running when ${main.name} is done, so the pod never completes`;
          yield { path, container: name, fix, message, severity: 'error' };
        } else {
          const message = `${says}: it starts and stops together with ${main.name} instead of before and after it`;
          yield { path, container: name, fix, message };
        }
      }
    },
  },
};
