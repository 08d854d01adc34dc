import { randomUUID } from 'node:crypto';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import type { Kubectl, Listed } from './kubectl.ts';
import { Load } from './load.ts';
import { type Pod, podOf } from './pods.ts';
import { Shipped } from './shipped.ts';
import { describeTally, type Tally } from './tally.ts';

/** Namespace in which `overlay/` is deployed. */
export const appNamespace = 'pod-patterns-e2e';
/** Namespace of the clients, without our network policies. */
export const clientNamespace = 'pod-patterns-e2e-clients';

export function namespaceOf(name: string): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

/** The deployed application, during a check. */
export interface App {
  readonly kubectl: Kubectl;
  readonly shipped: Shipped;
  /** Starts clients that request a page of this name continuously. */
  readonly view: (page: string) => Promise<Load>;
  /** A page name that no other check and no earlier run uses. */
  readonly newPage: () => string;
  /** Views of a page in Redis. */
  readonly counted: (page: string) => Promise<number>;
}

/** Deploys the application, runs a check, and deletes the application. */
export async function withApp<Result>(
  cluster: Kubectl,
  look: (app: App) => Promise<Result>,
): Promise<Result> {
  const kubectl = cluster.in(appNamespace);
  const clients = cluster.in(clientNamespace);
  try {
    await cluster.run('apply', '-k', 'tests/e2e/overlay');
    await cluster.send([namespaceOf(clientNamespace)], 'apply');
    await allRolledOut(kubectl);
    await using shipped = new Shipped(kubectl);
    return await look({
      kubectl,
      shipped,
      view: (page) =>
        Load.start(clients, { url: `http://web.${appNamespace}.svc/api/views/${page}`, method: 'POST' }),
      newPage: () => `e2e-${randomUUID().slice(0, 8)}`,
      counted: (page) => countedBy(kubectl, page),
    });
  } finally {
    await cluster.run('delete', 'namespace', appNamespace, clientNamespace, '--ignore-not-found');
  }
}

/** Waits for web pods without restarts, because the kubelet backs off after some. @returns the name of one */
export async function freshPod({ kubectl }: App): Promise<string> {
  await kubectl.run('delete', 'pod', '-l', 'app.kubernetes.io/name=web');
  await rolledOut(kubectl, 'deployment/web');
  return (await podOf(kubectl, 'web')).metadata.name;
}

/** Waits until everything is ready. @throws Error with the pods and events of the cluster */
async function allRolledOut(kubectl: Kubectl): Promise<void> {
  try {
    await rolledOut(kubectl, 'statefulset/redis');
    await rolledOut(kubectl, 'deployment/web');
  } catch (cause) {
    const pods = await kubectl.try('get', 'pods');
    const events = await kubectl.try('get', 'events', '--field-selector=type=Warning');
    throw new Error(`the application does not start:\n${pods}\n${events}`, { cause });
  }
}

/** Waits until all pods of a workload are new and ready. */
export async function rolledOut(kubectl: Kubectl, workload: string): Promise<void> {
  await kubectl.run('rollout', 'status', workload, '--timeout=300s');
}

/** Restarts a Deployment and waits until there are only new pods. */
export async function restart(kubectl: Kubectl, name: string): Promise<void> {
  await kubectl.run('rollout', 'restart', `deployment/${name}`);
  await rolledOut(kubectl, `deployment/${name}`);
  const areGone = async () => {
    const { items } = await kubectl.get<Listed<Pod>>('pods');
    return items.every(({ metadata }) => metadata.deletionTimestamp === undefined);
  };
  await eventually(areGone, { timeoutMs: 120_000, everyMs: 500 });
}

/** Views of a page in the Redis of a namespace. */
export async function countedBy(kubectl: Kubectl, page: string): Promise<number> {
  const login =
    'REDISCLI_AUTH="$(cat /run/secrets/users/app/password)" redis-cli $REDIS_CLI_FLAGS --user app';
  return Number(await kubectl.run('exec', 'redis-0', '--', 'sh', '-c', `${login} hget views ${page}`));
}

/** Throws unless each acknowledged view is in Redis and in the shipped log. A view that failed may have been counted. */
export async function expectAllCounted(
  { shipped, counted: ask }: App,
  page: string,
  { acknowledged, others }: Tally,
): Promise<void> {
  const views = await ask(page);
  const unanswered = [...others.values()].reduce((sum, count) => sum + count, 0);
  if (views < acknowledged.length || views > acknowledged.length + unanswered) {
    throw new Error(
      `${acknowledged.length} views were acknowledged, ${unanswered} failed, Redis has ${views}`,
    );
  }
  let missing: readonly string[] = acknowledged;
  const areShipped = () => {
    const seen = shipped.viewsOf(page);
    missing = acknowledged.filter((id) => !seen.has(id));
    return missing.length === 0;
  };
  await eventually(areShipped, { timeoutMs: 60_000, everyMs: 500 }).catch((cause) => {
    const some = missing.slice(0, 3);
    throw new Error(`${missing.length} acknowledged views were not shipped: ${some}`, { cause });
  });
}

/** Throws unless no request failed, and each view is in Redis and in the shipped log exactly once. */
export async function expectUnnoticed(app: App, page: string, tally: Tally): Promise<void> {
  if (tally.others.size > 0) throw new Error(describeTally(tally));
  await expectAllCounted(app, page, tally);
  expectOnce(app, page);
}

/** Throws when a record of a page was shipped more than once. */
export function expectOnce({ shipped }: App, page: string): void {
  const repeated = [...shipped.viewsOf(page).values()].filter((count) => count > 1).length;
  if (repeated > 0) throw new Error(`${repeated} views were shipped more than once`);
}
