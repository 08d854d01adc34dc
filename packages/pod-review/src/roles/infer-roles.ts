import { type Placed, placedContainers } from '../pod/orders.ts';
import type { IContainer, IPodSpec } from '../pod/types.ts';
import { type Hint, hintOfImage, hintOfName, imagePath } from './images.ts';
import { isRole, type Role, type Verdict } from './role.ts';

export interface RoleContext {
  /** The name of the object, which is often that of its app. */
  readonly workload: string;
  /** `pod-review/role.<container>` says a role outright. */
  readonly annotations: Readonly<Record<string, string>>;
}

interface Candidate extends Placed {
  readonly hint: Hint | undefined;
  readonly why: readonly string[];
}

/**
 * Works out what each container is for, from the strongest evidence down: annotation, form, image, command,
 * name, ports, volumes, position. In the order of `placedContainers`.
 */
export function inferRoles(spec: IPodSpec, context: RoleContext): readonly Verdict[] {
  const placed = placedContainers(spec);
  const decided = new Map<Placed, Verdict>();
  const open: Candidate[] = [];
  for (const one of placed) {
    const said = annotated(one, context) ?? formed(one);
    if (said !== undefined) decided.set(one, said);
    else open.push({ ...one, ...evidence(one.container, context.workload) });
  }
  const rest = settle(open, context, [...decided.values()]);
  for (const [candidate, verdict] of rest) {
    const one = placed.find(({ path }) => path === candidate.path);
    if (one !== undefined) decided.set(one, verdict);
  }
  return placed.map((one) => decided.get(one) ?? { role: 'unknown', why: [] });
}

function annotated({ container }: Placed, { annotations }: RoleContext): Verdict | undefined {
  const role = annotations[`pod-review/role.${container.name}`];
  return role !== undefined && isRole(role) ? { role, why: ['the annotation says so'] } : undefined;
}

/** Init containers have their role by where they stand; a sidecar's image says what kind it is. */
function formed({ container, form }: Placed): Verdict | undefined {
  if (form === 'init') return { role: 'init', why: ['an init container that ends before the app starts'] };
  if (form === 'app') return undefined;
  const { hint, why } = evidence(container, '');
  const position = 'an init container that is always restarted: a native sidecar';
  if (hint === undefined || hint.kind === 'tool' || hint.kind === 'runtime') {
    return { role: 'sidecar', why: [...why, position] };
  }
  return { role: hint.kind === 'web-server' ? 'ambassador' : hint.kind, why: [...why, position] };
}

const datastorePrograms =
  /\b(postgres|mysqld|mariadbd|mongod|mongos|redis-server|valkey-server|memcached|etcd|rabbitmq-server|docker-entrypoint)\b/;
const datastoreClients =
  /\b(psql|pg_dump(all)?|pg_restore|pg_isready|pg_basebackup|mysql|mysqldump|mariadb|mariadb-dump|mongosh?|mongodump|mongorestore|redis-cli|valkey-cli|etcdctl|aws|gsutil|sleep)\b/;
const datastorePorts = new Set([1433, 1521, 2379, 3306, 5432, 5672, 6379, 9042, 9092, 9200, 11211, 27017]);

function evidence(
  container: IContainer,
  workload: string,
): { hint: Hint | undefined; why: readonly string[] } {
  const { name, image = '' } = container;
  const command = [...(container.command ?? []), ...(container.args ?? [])].join(' ');
  if (/\btail\s+(-\S+\s+)*-\S*[fF]/.test(command)) {
    return {
      hint: { kind: 'sidecar', what: 'follows a file' },
      why: ['its command follows a file with tail'],
    };
  }
  const ofImage = hintOfImage(image);
  if (ofImage?.kind === 'datastore' && container.command !== undefined) {
    // a client that was taken from the server's image
    if (datastoreClients.test(command) && !datastorePrograms.test(command)) {
      return {
        hint: { kind: 'tool', what: 'a client' },
        why: [`its command uses the client of ${imagePath(image)}`],
      };
    }
  }
  // the workload bears the name of its app, whatever the name says
  const ofName = name === workload || workload.startsWith(`${name}-`) ? undefined : hintOfName(name);
  if (ofImage !== undefined && !isVague(ofImage)) {
    return { hint: ofImage, why: [`image ${imagePath(image)}: ${ofImage.what}`, ...portReasons(container)] };
  }
  if (ofImage?.kind === 'web-server' && ofName?.kind === 'ambassador') {
    return {
      hint: ofName,
      why: [`the name ${name} ${ofName.what}`, `image ${imagePath(image)}: a web server`],
    };
  }
  if (ofImage !== undefined && (ofName === undefined || ofName.kind === 'datastore')) {
    return { hint: ofImage, why: [`image ${imagePath(image)}: ${ofImage.what}`] };
  }
  if (ofName !== undefined)
    return { hint: ofName, why: [`the name ${name} ${ofName.what}`, ...portReasons(container)] };
  return byPort(container);
}

/** A web server may be app or proxy, a bare system anything: a name says more. */
function isVague({ kind }: Hint): boolean {
  return kind === 'web-server' || kind === 'tool' || kind === 'runtime';
}

function byPort(container: IContainer): { hint: Hint | undefined; why: readonly string[] } {
  const ports = (container.ports ?? []).map(({ containerPort }) => containerPort);
  if (ports.includes(8125))
    return { hint: { kind: 'adaptor', what: 'takes StatsD' }, why: ['listens on 8125, the port of StatsD'] };
  const stored = ports.find((port) => datastorePorts.has(port));
  const keeps = (container.volumeMounts ?? []).some(({ mountPath }) =>
    /^\/(var\/lib|data|bitnami)/.test(mountPath),
  );
  if (stored !== undefined && keeps) {
    return {
      hint: { kind: 'datastore', what: 'keeps data' },
      why: [...portReasons(container), 'keeps its data on a volume'],
    };
  }
  return { hint: undefined, why: [] };
}

function portReasons({ ports = [] }: IContainer): string[] {
  return ports
    .filter(({ containerPort }) => containerPort > 0)
    .map(({ containerPort }) => `listens on ${containerPort}`)
    .slice(0, 2);
}

/** Decides the containers of the app form, which depend on one another: what is a proxy beside an app is an app alone. */
function settle(
  open: readonly Candidate[],
  context: RoleContext,
  before: readonly Verdict[],
): Map<Candidate, Verdict> {
  const result = new Map<Candidate, Verdict>();
  const put = (candidate: Candidate, role: Role, reason: string) =>
    result.set(candidate, { role, why: [...candidate.why, reason] });
  const free = open.filter(({ hint }) => hint === undefined || isVague(hint));
  for (const candidate of open) {
    const { hint, why } = candidate;
    if (hint === undefined || hint.kind === 'web-server' || hint.kind === 'tool' || hint.kind === 'runtime')
      continue;
    result.set(candidate, { role: hint.kind, why });
  }
  const hasApp = before.some(({ role }) => role === 'app');
  const main = hasApp ? undefined : pickMain(free, context);
  if (main !== undefined)
    put(main, 'app', free.length === 1 ? 'the one container that is no helper' : mainReason(main, context));
  for (const candidate of free) {
    if (candidate !== main) result.set(candidate, beside(candidate, main));
  }
  if (hasApp || main !== undefined) return result;
  // a pod of helpers only: the first of them is what the pod is for, unless it stands beside a datastore
  const first = open.find((candidate) => result.get(candidate)?.role !== 'datastore');
  if (first !== undefined && open.every((candidate) => result.get(candidate)?.role !== 'datastore')) {
    put(first, 'app', 'nothing else in the pod that it could help');
  }
  return result;
}

/** Programs that serve an app behind a web server through files alone, without a port of their own. */
const runtimes = /(?:^|[-_/])(?:php|fpm|wordpress|python|node|ruby|rails|java|tomcat|uwsgi|gunicorn|puma)/;

/** How likely a container is the app of its pod. */
function rank({ container, hint }: Candidate, open: readonly Candidate[], { workload }: RoleContext): number {
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

function pickMain(free: readonly Candidate[], context: RoleContext): Candidate | undefined {
  return free.reduce<Candidate | undefined>(
    (best, one) => (best === undefined || rank(one, free, context) > rank(best, free, context) ? one : best),
    undefined,
  );
}

function mainReason({ container }: Candidate, { workload }: RoleContext): string {
  if (container.name === workload) return 'has the name of the workload';
  return (container.ports ?? []).length > 0
    ? 'the first that listens on a port'
    : 'the first that is no helper';
}

const appNames =
  /(?:^|[-_])(app|web|api|server|frontend|front|backend|back|worker|ui|service|consumer|scheduler)(?:$|[-_\d])/;

/** What a container is that stands beside the app and whose image and name do not say. */
function beside(candidate: Candidate, main: Candidate | undefined): Verdict {
  const { container, hint, why } = candidate;
  const ports = (container.ports ?? []).map(({ containerPort }) => containerPort);
  if (hint?.kind === 'web-server') {
    return { role: 'ambassador', why: [...why, `a web server before ${main?.container.name ?? 'the app'}`] };
  }
  const shared = main === undefined ? undefined : sharedVolume(container, main.container);
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
