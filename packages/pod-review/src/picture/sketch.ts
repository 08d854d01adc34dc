import type { IVolume } from '../../types/kubernetes.ts';
import type { Container, Form } from '../pod/container.ts';
import { gracePeriodSeconds, startOrder, stopOrder } from '../pod/orders.ts';
import { type Pod, volumesOf } from '../pod/pod.ts';
import { declaredPorts, probedPort } from '../pod/ports.ts';
import type { ReviewedPod } from '../review.ts';
import type { Role } from '../roles/role.ts';
import { containerRequests, effectiveRequests, type Requests } from '../strict/api/requests.ts';

/** Content of a picture of a pod, before its layout. */
export interface Sketch {
  readonly title: string;
  readonly verdict: ReviewedPod['verdict'];
  readonly facts: readonly string[];
  /** In the order in which they start. */
  readonly cards: readonly Card[];
  readonly volumes: readonly SharedVolume[];
  /** Names in the order of stopping; containers that stop together form one group. */
  readonly stop: readonly (readonly string[])[];
}

export interface Card {
  readonly name: string;
  readonly role: Role;
  readonly form: Form;
  readonly image: string;
  /** From 1; containers that start together have the same. */
  readonly start: number;
  /** From 1; undefined for a container that has ended by itself. */
  readonly stop: number | undefined;
  /** Condition for the start of the next container: completes "the next one starts after …". Empty for apps. */
  readonly startsNext: string;
  readonly requests: string;
  readonly ports: readonly string[];
}

export interface SharedVolume {
  readonly name: string;
  readonly kind: string;
  readonly mounts: readonly { readonly card: number; readonly path: string; readonly isReadOnly: boolean }[];
}

/** Describes the picture of a pod in words. */
export function sketch({ pod, verdict }: ReviewedPod): Sketch {
  const starts = startOrder(pod.spec);
  const stops = stopOrder(pod.spec);
  const cards = pod.containers.map((container): Card => {
    const stop = container.form === 'init' ? -1 : stops.findIndex((group) => group.includes(container.name));
    return {
      name: container.name,
      role: container.role,
      form: container.form,
      image: container.spec.image ?? '',
      start: starts.findIndex((group) => group.includes(container.name)) + 1,
      stop: stop < 0 ? undefined : stop + 1,
      startsNext: startsNext(container),
      requests: formatRequests(containerRequests(container.spec)),
      ports: declaredPorts(container).map(({ containerPort, name, protocol }) =>
        [
          `:${containerPort}`,
          ...(protocol === undefined || protocol === 'TCP' ? [] : [protocol.toLowerCase()]),
          ...(name === undefined ? [] : [name]),
        ].join(' '),
      ),
    };
  });
  const facts = [
    ...(pod.replicas > 1 ? [`${pod.replicas} replicas`] : []),
    `requests ${formatRequests(effectiveRequests(pod.spec))}`,
    `grace period ${gracePeriodSeconds(pod.spec)} s`,
  ];
  return { title: pod.id, verdict, facts, cards, volumes: sharedVolumes(pod), stop: stops };
}

function startsNext({ form, spec }: Container): string {
  if (form === 'init') return 'its end';
  if (form === 'app') return '';
  const { startupProbe } = spec;
  if (startupProbe === undefined) return 'its start';
  return `${probedPort(startupProbe) ?? 'its probe'}${startupProbe.httpGet?.path ?? ''}`;
}

function formatRequests({ cpuMillis, memoryBytes }: Requests): string {
  if (cpuMillis === 0 && memoryBytes === 0) return 'no requests';
  return `${cpuMillis}m cpu, ${Math.round(memoryBytes / 1024 ** 2)}Mi`;
}

/** Volumes with their mounting containers, shared ones first. */
function sharedVolumes(pod: Pod): SharedVolume[] {
  const volumes = [...volumesOf(pod)].map(([name, volume]): SharedVolume => {
    const mounts = pod.containers.flatMap(({ spec }, card) =>
      (spec.volumeMounts ?? [])
        .filter((mount) => mount.name === name)
        .map(({ mountPath, readOnly }) => ({ card, path: mountPath, isReadOnly: readOnly === true })),
    );
    return { name, kind: kindOf(volume), mounts };
  });
  return volumes.filter(({ mounts }) => mounts.length > 0).sort((a, b) => b.mounts.length - a.mounts.length);
}

function kindOf(volume: IVolume): string {
  const kind = Object.keys(volume).find((key) => key !== 'name') ?? 'emptyDir';
  const limit = volume.emptyDir?.sizeLimit;
  return limit === undefined ? kind : `${kind} ${limit}`;
}
