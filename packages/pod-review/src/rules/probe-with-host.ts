import type { ILifecycleHandler, IProbe } from '../../types/kubernetes.ts';
import { isLoopback } from '../pod/addresses.ts';
import type { Container } from '../pod/container.ts';
import type { Path } from '../strict/load/position.ts';
import type { Rule } from './rule.ts';

export const probeWithHost: Rule = {
  id: 'probe-with-host',
  severity: 'warning',
  why: 'The kubelet sends probes and hooks from the node, so host: 127.0.0.1 reaches the node’s loopback, not the pod’s. Since Kubernetes 1.34 the Pod Security level baseline forbids host.',
  fix: 'Remove host, except for loopback with hostNetwork. If the container listens only on loopback, give it a health port on the pod address, or an exec probe.',
  link: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
  check: {
    *pod(pod) {
      for (const container of pod.containers) {
        for (const [path, host] of hosts(container)) {
          // the loopback of the node is the pod's own
          if (pod.spec.hostNetwork === true && isLoopback(host)) continue;
          yield {
            path: [...container.path, ...path],
            container: container.name,
            message: `${path.slice(0, -2).join('.')} of ${container.name} sets host, which the kubelet connects to from the node`,
          };
        }
      }
    },
  },
};

function* hosts({ spec }: Container): Iterable<[Path, string]> {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = spec;
  const handlers: ReadonlyArray<readonly [Path, ILifecycleHandler | IProbe | undefined]> = [
    [['livenessProbe'], livenessProbe],
    [['readinessProbe'], readinessProbe],
    [['startupProbe'], startupProbe],
    [['lifecycle', 'postStart'], lifecycle?.postStart],
    [['lifecycle', 'preStop'], lifecycle?.preStop],
  ];
  for (const [path, handler] of handlers) {
    for (const kind of ['httpGet', 'tcpSocket'] as const) {
      const host = handler?.[kind]?.host ?? '';
      if (host !== '') yield [[...path, kind, 'host'], host];
    }
  }
}
