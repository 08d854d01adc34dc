import type { IContainer } from '../../types/kubernetes.ts';
import type { Container } from '../pod/container.ts';
import type { Evidence } from './evidence.ts';
import { imagePath } from './images.ts';
import type { Role, Verdict } from './role.ts';

/** A container of the app form whose role depends on what stands beside it. */
export interface Candidate extends Evidence {
  readonly origin: Container;
  readonly container: IContainer;
}

export interface Surroundings {
  /** The name of the object, which is often that of its app. */
  readonly workload: string;
  /** Volumes that hold data; configuration says nothing of who belongs to whom. */
  readonly dataVolumes: ReadonlySet<string>;
  /** Whether an annotation names the app already. */
  readonly hasApp: boolean;
}

/**
 * Decides the containers that depend on one another: what is a proxy beside an app is an app alone, and what
 * shares the files of a database serves it.
 */
export function settle(open: readonly Candidate[], around: Surroundings): Map<Candidate, Verdict> {
  const result = new Map<Candidate, Verdict>();
  const put = (candidate: Candidate, role: Role, ...reasons: readonly string[]) =>
    result.set(candidate, { role, why: [...candidate.why, ...reasons] });
  const free = open.filter((candidate) => {
    const role = clearRole(candidate);
    if (role !== undefined) put(candidate, role);
    return role === undefined;
  });
  const apps = free.filter((candidate) => {
    const reason = serves(candidate, open, around);
    if (reason !== undefined) put(candidate, 'sidecar', reason);
    return reason === undefined;
  });
  const main = around.hasApp ? undefined : pickMain(apps, around);
  if (main !== undefined) {
    put(main, 'app', apps.length === 1 ? 'the one container that is no helper' : mainReason(main, around));
  }
  for (const candidate of apps) {
    if (candidate !== main) result.set(candidate, beside(candidate, main, around));
  }
  const [first] = open;
  const hasNobody = [...result.values()].every(({ role }) => role !== 'app' && role !== 'datastore');
  // a pod of helpers only: the first of them is what the pod is for
  if (!around.hasApp && hasNobody && first !== undefined)
    put(first, 'app', 'nothing else in the pod that it could help');
  return result;
}

/** The role that a container has whatever stands beside it. */
function clearRole({ hint }: Candidate): Role | undefined {
  if (hint === undefined || hint.kind === 'web-server' || hint.kind === 'tool' || hint.kind === 'runtime')
    return undefined;
  return hint.kind;
}

/** Why a container serves a datastore of the pod, or undefined when it does not. */
function serves(
  candidate: Candidate,
  open: readonly Candidate[],
  { workload, dataVolumes }: Surroundings,
): string | undefined {
  for (const { container, hint } of open) {
    if (hint?.kind !== 'datastore') continue;
    const shared = sharedVolume(candidate.container, container);
    if (shared !== undefined && dataVolumes.has(shared))
      return `shares the volume ${shared} with ${container.name}`;
    if (container.name === workload) return `the pod is there for ${container.name}`;
  }
  return undefined;
}

/** Programs that serve an app behind a web server through files alone, without a port of their own. */
const runtimes = /(?:^|[-_/])(?:php|fpm|wordpress|python|node|ruby|rails|java|tomcat|uwsgi|gunicorn|puma)/;

/** How likely a container is the app of its pod. */
function rank(
  { container, hint }: Candidate,
  open: readonly Candidate[],
  { workload }: Surroundings,
): number {
  const hasPorts = (container.ports ?? []).length > 0;
  if (container.name === workload) return 5;
  if (/^(app|main)$/.test(container.name)) return 4.5;
  if (hint?.kind === 'tool') return 1;
  // of two web servers the one that is called a web server or an app is it, and the other stands before it
  if (hint?.kind === 'web-server') return appNames.test(container.name) ? 2.5 : 2;
  if (hasPorts) return 4;
  // what fills a web server's folder is its helper
  const isFeeder = open.some(
    (other) => other.hint?.kind === 'web-server' && sharedVolume(container, other.container) !== undefined,
  );
  return isFeeder && !runtimes.test(`${container.name} ${imagePath(container.image ?? '')}`) ? 1.5 : 3;
}

function pickMain(free: readonly Candidate[], around: Surroundings): Candidate | undefined {
  return free.reduce<Candidate | undefined>(
    (best, one) => (best === undefined || rank(one, free, around) > rank(best, free, around) ? one : best),
    undefined,
  );
}

function mainReason({ container }: Candidate, { workload }: Surroundings): string {
  if (container.name === workload) return 'has the name of the workload';
  return (container.ports ?? []).length > 0
    ? 'the first that listens on a port'
    : 'the first that is no helper';
}

const appNames =
  /(?:^|[-_])(app|web|api|server|frontend|front|backend|back|worker|ui|service|consumer|scheduler)(?:$|[-_\d])/;

/** What a container is that stands beside the app and whose image and name do not say. */
function beside(candidate: Candidate, main: Candidate | undefined, { dataVolumes }: Surroundings): Verdict {
  const { container, hint, why } = candidate;
  const ports = (container.ports ?? []).map(({ containerPort }) => containerPort);
  if (hint?.kind === 'web-server' && !/^(front|frontend|ui)$/.test(container.name)) {
    return { role: 'ambassador', why: [...why, `a web server before ${main?.container.name ?? 'the app'}`] };
  }
  const common = main === undefined ? undefined : sharedVolume(container, main.container);
  const shared = common !== undefined && dataVolumes.has(common) ? common : undefined;
  if (shared !== undefined && ports.length === 0) {
    return {
      role: 'sidecar',
      why: [...why, `shares the volume ${shared} with ${main?.container.name} and listens on nothing`],
    };
  }
  if (hint?.kind === 'tool' && ports.length === 0) return { role: 'sidecar', why };
  if (shared === undefined && ports.length > 0)
    return { role: 'app', why: [...why, `a server of its own on ${ports.join(', ')}`] };
  if (shared === undefined && appNames.test(container.name)) {
    return { role: 'app', why: [...why, `the name ${container.name} names an app of its own`] };
  }
  return { role: 'unknown', why: [...why, 'neither image, name, ports nor volumes say what it does'] };
}

function sharedVolume(one: IContainer, other: IContainer): string | undefined {
  const names = new Set((other.volumeMounts ?? []).map(({ name }) => name));
  return one.volumeMounts?.find(({ name }) => names.has(name))?.name;
}
