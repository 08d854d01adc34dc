import type { IContainerPort } from '../../types/kubernetes.ts';
import type { Container } from '../pod/container.ts';
import { type Input, isSameNamespace } from '../pod/input.ts';
import type { Pod } from '../pod/pod.ts';
import { declaredPorts } from '../pod/ports.ts';
import { asRecord, asRecords } from '../record.ts';
import { selects } from '../strict/api/selects.ts';
import type { KubernetesObject } from '../strict/read-object.ts';
import type { Rule } from './rule.ts';

export const adaptorNotScraped: Rule = {
  id: 'adaptor-not-scraped',
  severity: 'warning',
  why: 'An adaptor serves the app’s telemetry as metrics for a scraper. If nothing tells the monitoring system about its port, or a NetworkPolicy blocks it, the metrics are never collected, and nothing reports that.',
  fix: 'Name the port in a PodMonitor, or set the annotations prometheus.io/scrape, prometheus.io/port and prometheus.io/path on the pod template. Admit the scraper to the port in the NetworkPolicy.',
  link: 'https://prometheus-operator.dev/docs/developer/getting-started/#using-podmonitors',
  check: {
    *pod(pod, input) {
      for (const adaptor of pod.containers.filter(({ role }) => role === 'adaptor')) {
        const port = metricsPort(adaptor);
        const message = port === undefined ? undefined : faultOf(adaptor, port, { pod, input });
        if (message !== undefined) yield { path: adaptor.path, container: adaptor.name, message };
      }
    },
  },
};

interface Scope {
  readonly pod: Pod;
  readonly input: Input;
}

/** The port where an adaptor is asked for metrics; none for one that sends them itself. */
function metricsPort(adaptor: Container): IContainerPort | undefined {
  const { name, spec } = adaptor;
  const tcp = declaredPorts(adaptor).filter(({ protocol }) => protocol !== 'UDP');
  const named = tcp.find((port) => /metric|prom/.test(port.name ?? ''));
  if (named !== undefined) return named;
  const isAsked = /exporter|statsd-adaptor/.test(`${spec.image ?? ''} ${name}`);
  return isAsked
    ? tcp.find(({ containerPort }) => containerPort >= 9100 && containerPort < 10_000)
    : undefined;
}

function faultOf(adaptor: Container, port: IContainerPort, scope: Scope): string | undefined {
  const { annotations } = scope.pod;
  const isAnnotated = annotations['prometheus.io/scrape'] === 'true';
  const annotated = annotations['prometheus.io/port'];
  const isMonitored = monitored(port, scope);
  if (!isMonitored && isAnnotated && annotated !== undefined && Number(annotated) !== port.containerPort) {
    return `prometheus.io/port is ${annotated}, but ${adaptor.name} serves its metrics on ${port.containerPort}`;
  }
  if (!isMonitored && !isAnnotated) {
    return `nothing scrapes port ${port.containerPort} of ${adaptor.name}: no PodMonitor, no ServiceMonitor, no prometheus.io/scrape`;
  }
  const policy = shutOut(port, scope);
  return (
    policy &&
    `the NetworkPolicy ${policy} blocks all traffic to port ${port.containerPort} of ${adaptor.name}`
  );
}

/** Whether a PodMonitor names the port, or a Service leads to it that is scraped. */
function monitored(port: IContainerPort, { pod, input }: Scope): boolean {
  const isPort = (value: unknown) => value === port.name || value === port.containerPort;
  const byPod = input.ofKind('PodMonitor').some(({ value }) => {
    const { selector, podMetricsEndpoints } = asRecord(value['spec']);
    const ends = asRecords(podMetricsEndpoints);
    return (
      selects(selector, pod.labels) &&
      ends.some((end) => isPort(end['port']) || isPort(end['portNumber']) || isPort(end['targetPort']))
    );
  });
  return byPod || input.servicesOf(pod).some((service) => isScraped(service, isPort, input));
}

/** Whether a Service leads to the port and something scrapes it there. */
function isScraped({ value }: KubernetesObject, isPort: (value: unknown) => boolean, input: Input): boolean {
  const ports = asRecords(asRecord(value['spec'])['ports']).filter((one) =>
    isPort(one['targetPort'] ?? one['port']),
  );
  const { annotations, labels } = asRecord(value['metadata']);
  if (ports.length > 0 && asRecord(annotations)['prometheus.io/scrape'] === 'true') return true;
  return input.ofKind('ServiceMonitor').some((monitor) => {
    const { selector, endpoints } = asRecord(monitor.value['spec']);
    // decoded as labels
    if (!selects(selector, asRecord(labels) as Readonly<Record<string, string>>)) return false;
    return asRecords(endpoints).some((end) =>
      ports.some((one) => one['name'] === end['port'] || isPort(end['targetPort'])),
    );
  });
}

/** The name of a policy that isolates the pod while none lets anyone in at the port. */
function shutOut(port: IContainerPort, { pod, input }: Scope): string | undefined {
  const policies = input.ofKind('NetworkPolicy').filter(({ namespace, value }) => {
    const { podSelector, policyTypes } = asRecord(value['spec']);
    const isIngress =
      !Array.isArray(policyTypes) || policyTypes.length === 0 || policyTypes.includes('Ingress');
    return isIngress && isSameNamespace(namespace, pod.object.namespace) && selects(podSelector, pod.labels);
  });
  const isOpen = policies.some(({ value }) =>
    asRecords(asRecord(value['spec'])['ingress']).some((rule) => {
      const ports = asRecords(rule['ports']);
      return ports.length === 0 || ports.some((one) => admits(one, port));
    }),
  );
  return isOpen ? undefined : policies[0]?.name;
}

function admits(rule: Readonly<Record<string, unknown>>, { name, containerPort }: IContainerPort): boolean {
  const { port, endPort } = rule;
  if (port === undefined) return true;
  if (typeof port === 'number' && typeof endPort === 'number')
    return containerPort >= port && containerPort <= endPort;
  return port === containerPort || port === name;
}
