import type { Identity } from '../../record/record-writer.ts';

/** Labels that name the service, unless one is `service.name` itself. */
const serviceLabels = ['app.kubernetes.io/name', 'app'] as const;

/** OpenTelemetry's names for facts about the pod. */
const podAttributes = {
  namespace: 'k8s.namespace.name',
  name: 'k8s.pod.name',
  uid: 'k8s.pod.uid',
  node: 'k8s.node.name',
} as const;

/** The attributes of the resource of all records; labels win over known facts. */
export function resourceAttributes({ labels, pod }: Identity): Record<string, string> {
  const service = serviceLabels.map((name) => labels[name]).find((value) => value !== undefined);
  const known = Object.entries(podAttributes).flatMap(([name, attribute]) => {
    const value = pod[name];
    return value === undefined ? [] : [[attribute, value] as const];
  });
  return { 'service.name': service ?? 'unknown_service', ...Object.fromEntries(known), ...labels };
}
