import { declaredPorts } from '../pod/ports.ts';
import type { ContainerWithRole, PodWithRoles } from '../roles/role.ts';
import { type Entries, entriesOf } from './entries.ts';
import type { Problem, Rule } from './rule.ts';

export const twoAppsInOnePod: Rule = {
  id: 'two-apps-in-one-pod',
  severity: 'error',
  separates: true,
  why: 'Two apps in one pod are scaled, released, restarted and placed together, although neither serves the other. If one needs ten replicas, the other gets ten too, and a crash of either takes both out of the Service. A second server of unknown purpose is a warning.',
  fix: 'Give each app its own Deployment and Service. If one does serve the other, state its role in the annotation pod-review/role.<container>.',
  link: 'https://kubernetes.io/docs/concepts/workloads/pods/#how-pods-manage-multiple-containers',
  check: {
    *pod(pod, input) {
      const [first, ...others] = pod.containers.filter(({ role }) => role === 'app');
      if (first === undefined) return;
      const entries = others.length > 0 ? entriesOf(pod, input) : new Map();
      for (const app of others) yield besideApp(app, first, { pod, entries });
      for (const server of pod.containers.filter(isUnknownServer)) yield unclear(server, first);
    },
  },
};

interface Around {
  readonly pod: PodWithRoles;
  readonly entries: Entries;
}

function besideApp(app: ContainerWithRole, first: ContainerWithRole, around: Around): Problem {
  const proof = proofOf(app, first, around);
  if (proof === undefined) return unclear(app, first);
  return {
    path: app.path,
    container: app.name,
    message: `${app.name} is an app (${proof}), and so is ${first.name}: neither serves the other`,
  };
}

/** A server that nothing says the purpose of may well serve the app. */
function unclear(container: ContainerWithRole, first: ContainerWithRole): Problem {
  const { name, path } = container;
  const ports = declaredPorts(container).map(({ containerPort }) => containerPort);
  const listens = ports.length > 0 ? ` listens on ${ports.join(', ')}, and` : '';
  return {
    path,
    container: name,
    severity: 'warning',
    message: `${name}${listens} may be a second app beside ${first.name} or serve it: its purpose is unknown`,
    fix: `State its role in an annotation of the pod template: pod-review/role.${name}: sidecar (or adaptor, ambassador, app). Give a second app its own Deployment and Service.`,
  };
}

function isUnknownServer(container: ContainerWithRole): boolean {
  return container.role === 'unknown' && container.form === 'app' && declaredPorts(container).length > 0;
}

/** Evidence that two containers are two apps, or undefined. */
function proofOf(app: ContainerWithRole, first: ContainerWithRole, around: Around): string | undefined {
  const { pod, entries } = around;
  const [mine, theirs] = [entries.get(app) ?? [], entries.get(first) ?? []];
  for (const { kind, by } of mine) {
    const other = theirs.find((one) => one.kind === kind && !mine.some((own) => own.by === one.by));
    if (other !== undefined && !theirs.some((one) => one.by === by)) {
      return `${by} leads to it, and ${other.by} to ${first.name}`;
    }
  }
  const isLinked = [
    [app, first],
    [first, app],
  ].some(([from, to]) => pod.pointers.get(from?.name ?? '')?.some((pointer) => pointer.to === to?.name));
  return isLinked ? undefined : bothSay(app, first);
}

/** As much as a name or a known image says. */
const firm = 3;

/** Evidence from names or images of both, or from an annotation. */
function bothSay(app: ContainerWithRole, first: ContainerWithRole): string | undefined {
  const said = [app, first].map(({ evidence, why: [annotated] }) => {
    if (evidence.length === 0) return annotated;
    const strong = evidence.find(
      ({ role, weight, source }) =>
        role === 'app' &&
        (source === 'workload' || (weight >= firm && (source === 'image' || source === 'name'))),
    );
    return strong?.says;
  });
  return said.includes(undefined) ? undefined : said[0];
}
