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
      if (apps.length === 0) return;
      for (const store of pod.containers.filter(({ role }) => role === 'datastore')) {
        yield {
          path: store.path,
          container: store.name,
          message: `${store.name} is a datastore (${store.why[0]}) in the pod of ${names(apps)}: they must live apart`,
        };
      }
    },
  },
};

function names(containers: readonly ContainerWithRole[]): string {
  return containers.map(({ name }) => name).join(', ');
}
