import type { IVolumeMount } from '../../types/kubernetes.ts';
import type { Container } from './container.ts';
import { type Pod, volumesOf } from './pod.ts';

/**
 * The volume through which two containers see the same files, or undefined. Configuration says nothing of who
 * belongs to whom, and different folders of one volume share nothing.
 */
export function sharedVolume(one: Container, other: Container, pod: Pod): string | undefined {
  const mounts = other.spec.volumeMounts ?? [];
  return one.spec.volumeMounts?.find(
    (mount) => holdsData(mount.name, pod) && mounts.some((other) => seesSame(mount, other)),
  )?.name;
}

function seesSame(one: IVolumeMount, other: IVolumeMount): boolean {
  const [first, second] = [folderOf(one), folderOf(other)];
  return one.name === other.name && (first.startsWith(second) || second.startsWith(first));
}

/** The folder of the volume that a container sees; '' is all of it. */
function folderOf({ subPath, subPathExpr }: IVolumeMount): string {
  const steps = (subPathExpr ?? subPath ?? '').split('/');
  return steps
    .filter((step) => step !== '' && step !== '.')
    .map((step) => `${step}/`)
    .join('');
}

/** One that the pod does not declare is a StatefulSet's claim. */
function holdsData(name: string, pod: Pod): boolean {
  const volume = volumesOf(pod).get(name);
  return (
    (volume?.configMap ?? volume?.secret ?? volume?.projected ?? volume?.downwardAPI ?? volume?.csi) ===
    undefined
  );
}
