import type { Container } from '../pod/container.ts';
import { isSameNamespace } from '../pod/input.ts';
import type { Pod } from '../pod/pod.ts';
import { portsInto } from '../pod/services.ts';
import { asRecord, asRecords } from '../record.ts';
import type { KubernetesObject } from '../strict/read-object.ts';
import type { Scope } from './rule.ts';

/** A way into a container from outside its pod. */
export interface Entry {
  readonly kind: 'Service' | 'path';
  /** `the Service web`, `the path /api of the Ingress shop`. */
  readonly by: string;
}

/** By the container that they lead into. */
export type Entries = ReadonlyMap<Container, readonly Entry[]>;

/** The Services that lead into the containers of a pod, and the paths of Ingresses that lead there through them. */
export function entriesOf(pod: Pod, input: Scope): Entries {
  const ports = input
    .servicesOf(pod)
    .flatMap((service) =>
      pod.containers.flatMap((to) =>
        portsInto(service, to).map((port) => ({ service: service.name, port, to })),
      ),
    );
  const byService = ports
    .filter(({ service, port }) => !/metrics|webhook/.test(`${service} ${port.name ?? ''}`))
    .map(({ service, to }) => ({ to, kind: 'Service' as const, by: `the Service ${service}` }));
  const backends = input
    .ofKind('Ingress')
    .filter(({ namespace }) => isSameNamespace(namespace, pod.object.namespace))
    .flatMap((ingress) => backendsOf(ingress));
  const byPath = ports.flatMap(({ service, port, to }) =>
    backends
      .filter((one) => one.service === service && (one.port === port.port || one.port === port.name))
      .map(({ by }) => ({ to, kind: 'path' as const, by })),
  );
  return Map.groupBy([...byService, ...byPath], ({ to }) => to);
}

interface Backend {
  readonly by: string;
  readonly service: unknown;
  readonly port: unknown;
}

function backendsOf({ name, value }: KubernetesObject): Backend[] {
  return asRecords(asRecord(value['spec'])['rules']).flatMap((rule) =>
    asRecords(asRecord(rule['http'])['paths']).map(({ path, backend }) => {
      const service = asRecord(asRecord(backend)['service']);
      const { number, name: portName } = asRecord(service['port']);
      const at = `${String(rule['host'] ?? '')}${String(path ?? '/')}`;
      return {
        by: `the path ${at} of the Ingress ${name}`,
        service: service['name'],
        port: number ?? portName,
      };
    }),
  );
}
