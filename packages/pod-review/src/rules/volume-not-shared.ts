import type { Container } from '../pod/container.ts';
import { type Pod, volumesOf } from '../pod/pod.ts';
import type { ContainerWithRole, PodWithRoles } from '../roles/role.ts';
import { isLogShipper } from './log-shipper.ts';
import type { Problem, Rule } from './rule.ts';

export const volumeNotShared: Rule = {
  id: 'volume-not-shared',
  severity: 'warning',
  why: 'Containers exchange files through a volume that both mount. If only one mounts it, if they mount two volumes at the same path, or if all mounts are read-only, the helper waits for files that never arrive.',
  fix: 'Mount the same volume in both containers, writable in the one that writes.',
  link: 'https://kubernetes.io/docs/tasks/access-application-cluster/communicate-containers-same-pod-shared-volume/',
  check: {
    *pod(pod) {
      for (const [name, volume] of volumesOf(pod)) {
        if (volume.emptyDir === undefined) continue;
        const users = pod.containers.filter(({ spec }) =>
          spec.volumeMounts?.some((mount) => mount.name === name),
        );
        yield* alone(name, users, pod);
        const mounts = users.flatMap(
          ({ spec }) => spec.volumeMounts?.filter((mount) => mount.name === name) ?? [],
        );
        if (mounts.length > 1 && mounts.every(({ readOnly }) => readOnly === true)) {
          const [first] = users;
          if (first !== undefined)
            yield {
              path: mountPath(first, name),
              message: `every mount of the volume ${name} is read-only: no container can write to it`,
            };
        }
      }
    },
  },
};

/** One container mounts a volume that is meant for two. */
function* alone(name: string, users: readonly ContainerWithRole[], pod: PodWithRoles): Iterable<Problem> {
  const [user, second] = users;
  if (user === undefined || second !== undefined || pod.containers.length < 2) return;
  const mount = user.spec.volumeMounts?.find((one) => one.name === name);
  const here = mount?.mountPath ?? '';
  const twin = pod.containers.find(
    (other) =>
      other !== user &&
      other.spec.volumeMounts?.some(
        (one) => one.mountPath === here && one.name !== name && isEmptyDir(pod, one.name),
      ),
  );
  const isWork = /log|shared|data|www|html|work|content|config/.test(`${name} ${here}`);
  if (twin !== undefined && isWork) {
    yield {
      path: mountPath(user, name),
      container: user.name,
      message: `${user.name} and ${twin.name} mount different volumes at ${here}: they share no files`,
    };
  } else if (isLogShipper(user) && /log/.test(`${name} ${here}`) && !sharesAnything(user, pod)) {
    yield {
      path: mountPath(user, name),
      container: user.name,
      message: `${user.name} reads ${here} on the volume ${name}, which no other container mounts`,
    };
  } else if (user.form === 'init' && isWork) {
    yield {
      path: mountPath(user, name),
      container: user.name,
      message: `${user.name} prepares ${here} on the volume ${name}, which no other container mounts`,
    };
  }
}

/** A helper that has a folder in common with another may keep a state or buffer of its own besides. */
function sharesAnything(user: Container, pod: Pod): boolean {
  const others = pod.containers.filter((other) => other !== user);
  const names = others.flatMap(({ spec }) => spec.volumeMounts?.map((mount) => mount.name) ?? []);
  return (
    user.spec.volumeMounts?.some((mount) => names.includes(mount.name) && isEmptyDir(pod, mount.name)) ??
    false
  );
}

function isEmptyDir(pod: Pod, name: string): boolean {
  return volumesOf(pod).get(name)?.emptyDir !== undefined;
}

function mountPath({ path, spec }: Container, name: string): Problem['path'] {
  const index = spec.volumeMounts?.findIndex((mount) => mount.name === name) ?? 0;
  return [...path, 'volumeMounts', index, 'name'];
}
