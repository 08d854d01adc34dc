import { isPlaceholder } from '../pod/container.ts';
import { isHelper } from '../roles/role.ts';
import { endsOf } from './job-end.ts';
import { nativeSidecarPatch } from './native-sidecar-patch.ts';
import type { Rule } from './rule.ts';

export const helperNotNativeSidecar: Rule = {
  id: 'helper-not-native-sidecar',
  severity: 'warning',
  why: 'A helper that is an ordinary container starts and stops at the same time as the app: the app’s first requests to it fail, and the app’s last logs and metrics are lost. In a Job it keeps the pod running forever, unless something ends it. A native sidecar (stable since Kubernetes 1.33) starts before the app, stops after it, and lets a Job complete.',
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
        const says = `${name} (${role}) is an ordinary container`;
        if (end !== undefined) {
          const message = `${says} of a pod that should complete: ${end.how}, and if that fails, the pod never completes`;
          yield { path, container: name, fix, message };
        } else if (mustEnd) {
          const message = `${says} of a pod that should complete: it keeps running after ${main.name} has finished, so the pod never completes`;
          yield { path, container: name, fix, message, severity: 'error' };
        } else {
          const message = `${says}: it starts and stops with ${main.name}, not before and after it`;
          yield { path, container: name, fix, message };
        }
      }
    },
  },
};
