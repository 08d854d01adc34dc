import { isSameNamespace } from '../pod/input.ts';
import { runsBeside } from '../pod/ports.ts';
import { asRecord } from '../record.ts';
import { isHelper } from '../roles/role.ts';
import type { Rule } from './rule.ts';

export const hpaCountsSidecars: Rule = {
  id: 'hpa-counts-sidecars',
  severity: 'warning',
  why: 'A Resource metric is measured over all containers of the pod. Idle sidecars lower it, so the app scales up late; a busy sidecar raises it, so the app scales up without need.',
  fix: 'Use a metric of type ContainerResource that names the app’s container (stable since Kubernetes 1.30).',
  link: 'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#container-resource-metrics',
  check: {
    *object(object, input) {
      if (object.kind !== 'HorizontalPodAutoscaler') return;
      const spec = asRecord(object.value['spec']);
      const { kind, name } = asRecord(spec['scaleTargetRef']);
      const pod = input.pods.find(
        ({ object: target }) =>
          target.kind === kind && target.name === name && isSameNamespace(target.namespace, object.namespace),
      );
      const helpers =
        pod?.containers.filter((container) => isHelper(container.role) && runsBeside(container)) ?? [];
      if (pod === undefined || helpers.length === 0) return;
      const names = helpers.map((helper) => helper.name).join(', ');
      const message = (resource: unknown) =>
        `${String(resource)} is measured over all containers of ${pod.id}, including ${names}`;
      const metrics: readonly unknown[] = Array.isArray(spec['metrics']) ? spec['metrics'] : [];
      for (const [index, metric] of metrics.entries()) {
        const { type, resource } = asRecord(metric);
        if (type === 'Resource')
          yield { path: ['spec', 'metrics', index, 'type'], message: message(asRecord(resource)['name']) };
      }
      // autoscaling/v1, and v2 without metrics, look at the pod's cpu
      if (
        spec['targetCPUUtilizationPercentage'] !== undefined ||
        (object.apiVersion === 'autoscaling/v2' && metrics.length === 0)
      ) {
        yield { path: ['spec'], message: message('cpu') };
      }
    },
  },
};
