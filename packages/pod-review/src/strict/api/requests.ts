import type { IContainer, IPodSpec } from '../../../types/kubernetes.ts';
import { parseQuantity, roundUp } from './quantity.ts';

/** Requests of a container or a pod. */
export interface Requests {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

type Amounts = Readonly<Record<string, string | number>>;

/**
 * Requests of a pod as the scheduler counts them: the larger of the sum over sidecars and apps and
 * the needs of each plain init container beside the sidecars that started before it; plus the overhead of the
 * runtime class. Requests of the pod itself stand for those of its containers.
 * k8s.io/component-helpers/resource PodRequests, KEP-753 and KEP-2837.
 */
export function effectiveRequests(spec: IPodSpec): Requests {
  return forEach((name, digits) => {
    const own = podLevelRequest(spec, name, digits);
    return (own ?? containersRequest(spec, name, digits)) + amount(spec.overhead, name, digits);
  });
}

/** Requests of one container; a limit without a request stands for the request. */
export function containerRequests(container: IContainer): Requests {
  return forEach((name, digits) => request(container, name, digits));
}

function forEach(count: (name: string, digits: number) => number): Requests {
  return { cpuMillis: count('cpu', 3), memoryBytes: count('memory', 0) };
}

function containersRequest(spec: IPodSpec, name: string, digits: number): number {
  let sidecars = 0;
  let peak = 0;
  for (const container of spec.initContainers ?? []) {
    const own = request(container, name, digits);
    if (container.restartPolicy === 'Always') sidecars += own;
    peak = Math.max(peak, container.restartPolicy === 'Always' ? sidecars : sidecars + own);
  }
  const apps = (spec.containers ?? []).reduce((sum, container) => sum + request(container, name, digits), 0);
  return Math.max(peak, sidecars + apps);
}

/** The request of the pod as a whole, where it has one or has a limit and none of its containers a request. */
function podLevelRequest(spec: IPodSpec, name: string, digits: number): number | undefined {
  const { requests, limits } = spec.resources ?? {};
  if (has(requests, name)) return amount(requests, name, digits);
  if (!has(limits, name)) return undefined;
  const fromContainers = containersRequest(spec, name, digits);
  return fromContainers > 0 ? fromContainers : amount(limits, name, digits);
}

function request({ resources: own }: IContainer, name: string, digits: number): number {
  return has(own?.requests, name) ? amount(own?.requests, name, digits) : amount(own?.limits, name, digits);
}

function has(amounts: Amounts | undefined, name: string): boolean {
  return amounts !== undefined && Object.hasOwn(amounts, name);
}

function amount(amounts: Amounts | undefined, name: string, digits: number): number {
  const quantity = amounts !== undefined && has(amounts, name) ? parseQuantity(amounts[name]) : undefined;
  return quantity === undefined ? 0 : roundUp(quantity, digits);
}
