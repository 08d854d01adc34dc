import type { Container } from '../pod/container.ts';
import type { Path } from '../strict/load/position.ts';
import type { Rule } from './rule.ts';

export const probeWithHost: Rule = {
  id: 'probe-with-host',
  severity: 'warning',
  why: 'The kubelet sends probes and hooks from the node, so host: 127.0.0.1 asks the node’s loopback and not the pod’s. From Kubernetes 1.34 the Pod Security level baseline forbids host altogether.',
  fix: 'Leave host out, and give what listens on loopback only a health port on the pod address, or an exec probe.',
  link: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
  check: {
    *pod(pod) {
      for (const container of pod.containers) {
        for (const path of hosts(container)) {
          yield {
            path: [...container.path, ...path],
            container: container.name,
            message: `${path.slice(0, -2).join('.')} of ${container.name} names a host, which the kubelet asks from the node`,
          };
        }
      }
    },
  },
};

function* hosts({ spec }: Container): Iterable<Path> {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = spec;
  for (const [name, probe] of Object.entries({ livenessProbe, readinessProbe, startupProbe })) {
    if ((probe?.httpGet?.host ?? '') !== '') yield [name, 'httpGet', 'host'];
    if ((probe?.tcpSocket?.host ?? '') !== '') yield [name, 'tcpSocket', 'host'];
  }
  for (const [name, hook] of Object.entries({
    postStart: lifecycle?.postStart,
    preStop: lifecycle?.preStop,
  })) {
    if ((hook?.httpGet?.host ?? '') !== '') yield ['lifecycle', name, 'httpGet', 'host'];
    if ((hook?.tcpSocket?.host ?? '') !== '') yield ['lifecycle', name, 'tcpSocket', 'host'];
  }
}
