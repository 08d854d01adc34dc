import type { ContainerWithRole, PodWithRoles } from '../roles/role.ts';
import type { Problem, Rule } from './rule.ts';

export const datastoreBesideApp: Rule = {
  id: 'datastore-beside-app',
  severity: 'error',
  separates: true,
  why: 'The app and the datastore are scaled, updated, placed and restarted apart: with n replicas there are n databases that know nothing of one another, a new version of the app stops the database, and its volume ties the app to a node or zone. That both share localhost makes nothing secure that a NetworkPolicy and TLS would not.',
  fix: 'Run the datastore as a StatefulSet behind a Service of its own, let a NetworkPolicy admit the app only, and let an init container (wait-for) wait for it where the app cannot.',
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
    message: `${name} is a datastore (${why[0]}) in the pod of ${names(apps)}: they must live apart`,
  };
}

function besideUnknown({ name, path, why }: ContainerWithRole, all: readonly ContainerWithRole[]): Problem {
  return {
    path,
    container: name,
    severity: 'warning',
    message: `${name} is a datastore (${why[0]}), and nothing says what ${names(all)} is for: an app must live apart from it`,
    fix: `Say what it is for on the pod template, as in pod-review/role.${all[0]?.name}: sidecar (or adaptor, ambassador, app).`,
  };
}

function names(containers: readonly ContainerWithRole[]): string {
  return containers.map(({ name }) => name).join(', ');
}
