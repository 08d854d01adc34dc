import { gracePeriodSeconds, startOrder, stopOrder } from '../pod/orders.ts';
import type { Review, ReviewedPod } from '../review.ts';
import { effectiveRequests } from '../strict/api/requests.ts';

/** The review as one JSON object; its shape is the package's interface to other programs. */
export function jsonReport({ files, pods, findings }: Review): string {
  return `${JSON.stringify({ files, pods: pods.map(podReport), findings }, undefined, 2)}\n`;
}

function podReport({ pod, verdict }: ReviewedPod) {
  const { object, position, spec } = pod;
  return {
    file: object.source.file,
    line: position.line,
    kind: object.kind,
    namespace: object.namespace ?? null,
    name: object.name,
    verdict,
    containers: pod.containers.map(({ name, role, form, why }) => ({ name, role, form, why })),
    startOrder: startOrder(spec),
    stopOrder: stopOrder(spec),
    requests: effectiveRequests(spec),
    gracePeriodSeconds: gracePeriodSeconds(spec),
  };
}
