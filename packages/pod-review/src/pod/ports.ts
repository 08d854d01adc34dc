import type { IContainerPort, IProbe } from '../../types/kubernetes.ts';
import type { Container } from './container.ts';

/** The ports that a container declares; ports without a number do not count. */
export function declaredPorts({ spec }: Container): IContainerPort[] {
  return (spec.ports ?? []).filter(({ containerPort }) => containerPort > 0);
}

/** The port that a number or name stands for among a container's own, or undefined. */
export function ownPort(container: Container, port: string | number): IContainerPort | undefined {
  return container.spec.ports?.find(
    ({ containerPort, name }) =>
      (containerPort > 0 && containerPort === port) || (name !== undefined && name === port),
  );
}

/** The port that a probe asks, or undefined when it runs a command. */
export function probedPort(probe: IProbe | undefined): string | number | undefined {
  return probe?.httpGet?.port ?? probe?.tcpSocket?.port ?? probe?.grpc?.port;
}

/** The container that owns a port, among some. */
export function ownerOf<One extends Container>(
  port: string | number,
  containers: readonly One[],
): One | undefined {
  return containers.find((container) => ownPort(container, port) !== undefined);
}

/** Whether two containers run at the same time: a plain init container runs alone. */
export function runsBeside({ form }: Container): boolean {
  return form !== 'init';
}
