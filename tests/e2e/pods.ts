import { eventually } from '@pod-patterns/kit/testing/eventually';
import type { Kubectl, Listed } from './kubectl.ts';

/** The fields of a pod that are read here. */
export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
  };
  readonly status: {
    readonly conditions?: ReadonlyArray<{
      readonly type: string;
      readonly status: string;
      readonly lastTransitionTime: string;
    }>;
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

export interface ContainerStatus {
  readonly name: string;
  readonly restartCount: number;
  readonly state: {
    readonly running?: { readonly startedAt: string };
    readonly terminated?: {
      readonly startedAt: string;
      readonly finishedAt: string;
      readonly exitCode: number;
    };
  };
}

export function containersOf({ status }: Pick<Pod, 'status'>): readonly ContainerStatus[] {
  return [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
}

/** Pods of an app that are not being deleted, oldest first. */
export async function podsOf(kubectl: Kubectl, name: string): Promise<readonly Pod[]> {
  const selector = ['-l', `app.kubernetes.io/name=${name}`, '--sort-by=.metadata.creationTimestamp'];
  const { items } = await kubectl.get<Listed<Pod>>('pods', ...selector);
  return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/** The first pod of an app. @throws Error when there is none */
export async function podOf(kubectl: Kubectl, name: string): Promise<Pod> {
  const [pod] = await podsOf(kubectl, name);
  if (pod === undefined) throw new Error(`there is no pod of ${name}`);
  return pod;
}

/** Restart count of a container of a pod. */
export async function restartsOf(kubectl: Kubectl, pod: string, container: string): Promise<number> {
  return find(await kubectl.get<Pod>('pod', pod), container).restartCount;
}

/** Waits until a container of a pod has restarted and the pod is ready. */
export async function restarted(kubectl: Kubectl, pod: string, container: string): Promise<void> {
  await eventually(
    async () => {
      const now = await kubectl.get<Pod>('pod', pod);
      const { restartCount, state } = find(now, container);
      return restartCount > 0 && state.running !== undefined && isReady(now);
    },
    { timeoutMs: 120_000, everyMs: 500 },
  );
}

function isReady({ status }: Pod): boolean {
  return (status.conditions ?? []).some(
    (condition) => condition.type === 'Ready' && condition.status === 'True',
  );
}

function find(pod: Pod, container: string): ContainerStatus {
  const found = containersOf(pod).find(({ name }) => name === container);
  if (found === undefined) throw new Error(`${pod.metadata.name} has no container ${container}`);
  return found;
}
