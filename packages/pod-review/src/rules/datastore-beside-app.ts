import type { ContainerWithRole, PodWithRoles } from '../roles/role.ts';
import type { Problem, Rule } from './rule.ts';

export const datastoreBesideApp: Rule = {
  id: 'datastore-beside-app',
  severity: 'error',
  separates: true,
  why: 'An app and its datastore must be scaled, updated, placed and restarted separately. In one pod, n replicas mean n databases that share no data, each release of the app stops the database, and its volume ties the app to a node or zone. Sharing localhost adds no security that a NetworkPolicy and TLS do not give.',
  fix: 'Run the datastore as a StatefulSet with its own Service, and admit only the app with a NetworkPolicy. If the app cannot wait for it, add an init container that does (wait-for).',
  link: 'https://kubernetes.io/docs/concepts/workloads/pods/#how-pods-manage-multiple-containers',
  check: {
    *pod(pod: PodWithRoles): Iterable<Problem> {
      const apps = pod.containers.filter(({ role }) => role === 'app');
      const unclear = pod.containers.filter(({ role }) => role === 'unknown');
      for (const store of pod.containers.filter(({ role }) => role === 'datastore')) {
        if (apps.length > 0) yield besideApps(store, apps);
        else if (unclear.length > 0) yield besideUnknown(store, unclear);
      }
    },
  },
};

function besideApps({ name, path, why }: ContainerWithRole, apps: readonly ContainerWithRole[]): Problem {
  return {
    path,
    container: name,
    message: `${name} is a datastore (${why[0]}) in the pod of ${names(apps)}: they need separate pods`,
  };
}

function besideUnknown({ name, path, why }: ContainerWithRole, all: readonly ContainerWithRole[]): Problem {
  return {
    path,
    container: name,
    severity: 'warning',
    message: `${name} is a datastore (${why[0]}), and the purpose of ${names(all)} is unknown: an app needs a pod of its own`,
    fix: `State its role in an annotation of the pod template: pod-review/role.${all[0]?.name}: sidecar (or adaptor, ambassador, app).`,
  };
}

function names(containers: readonly ContainerWithRole[]): string {
  return containers.map(({ name }) => name).join(', ');
}
