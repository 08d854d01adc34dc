import { asRecord, asRecords } from '../record.ts';
import type { KubernetesObject } from '../strict/read-object.ts';
import type { Container } from './container.ts';
import { ownPort } from './ports.ts';

export interface ServicePort {
  readonly name: string | undefined;
  readonly port: number;
  /** A number, or the name of a container's port. */
  readonly target: string | number;
}

/** The ports of a Service, with where they lead. */
function portsOf({ value }: KubernetesObject): ServicePort[] {
  return asRecords(asRecord(value['spec'])['ports']).flatMap(({ name, port, targetPort }) => {
    if (typeof port !== 'number') return [];
    const isTarget = (typeof targetPort === 'string' && targetPort !== '') || typeof targetPort === 'number';
    return [
      { name: typeof name === 'string' ? name : undefined, port, target: isTarget ? targetPort : port },
    ];
  });
}

/** The ports of a Service that lead into a container. */
export function portsInto(service: KubernetesObject, container: Container): ServicePort[] {
  return portsOf(service).filter(({ target }) => ownPort(container, target) !== undefined);
}
