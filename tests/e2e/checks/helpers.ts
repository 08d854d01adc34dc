import { eventually } from '@pod-patterns/kit/testing/eventually';
import { goldenObjects } from '../../manifests/manifests.ts';
import { clientNamespace, rolledOut } from '../app.ts';
import type { ClusterCheck } from '../check.ts';
import type { Kubectl } from '../kubectl.ts';
import { containersOf, type Pod, podOf } from '../pods.ts';
import { isRecord } from '../shipped.ts';
import { expectOrder, startsOf } from '../timeline.ts';

/** Workloads of somebody else, each with the four components of k8s/helpers. */
const folder = 'tests/manifests/helpers/all';
const helpers = ['wait-for', 'log-shipper', 'statsd-adaptor', 'redis-ambassador'];

interface Helped {
  /** Label of its pods. */
  readonly name: string;
  /** Its own containers, in the order of their start. */
  readonly own: readonly string[];
  readonly ends: boolean;
  /** Records that its shipper ships; `some` for nginx, which also logs its probes. */
  readonly records: number | 'some';
}

const workloads: readonly Helped[] = [
  { name: 'web', own: ['nginx'], ends: false, records: 'some' },
  { name: 'ledger', own: ['work'], ends: false, records: 100 },
  { name: 'report', own: ['work'], ends: true, records: 100 },
  { name: 'nightly', own: ['prepare', 'work'], ends: true, records: 100 },
];

/** The helpers start in order in somebody else's workloads, do not restart, and let a Job complete. */
export const helped: ClusterCheck = {
  title: 'helpers in a Deployment, a StatefulSet, a Job and a CronJob',
  async see(cluster) {
    const kubectl = cluster.in(clientNamespace);
    try {
      await cluster.send([restricted], 'apply');
      const strict = ['apply', '--server-side', '--validate=strict', '--field-manager=e2e'];
      const warnings = await kubectl.send(goldenObjects(folder), ...strict);
      if (warnings !== '') throw new Error(warnings);
      await kubectl.run('create', 'job', 'nightly-now', '--from=cronjob/nightly');
      for (const name of ['statefulset/cache', 'deployment/web', 'statefulset/ledger'])
        await rolledOut(kubectl, name);
      for (const name of ['job/report', 'job/nightly-now'])
        await kubectl.run('wait', '--for=condition=Complete', name, '--timeout=240s');
      const shipped: string[] = [];
      for (const workload of workloads) shipped.push(`${workload.name} ${await see(kubectl, workload)}`);
      return `${helpers.join(', ')} in each, no restart; both Jobs complete; records: ${shipped.join(', ')}`;
    } finally {
      await cluster.run('delete', 'namespace', clientNamespace, '--ignore-not-found');
    }
  },
};

/** The helpers have the security context that this level requires. */
const restricted = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: clientNamespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
};

/** @returns the number of records shipped */
async function see(kubectl: Kubectl, workload: Helped): Promise<number> {
  const pod = await podOf(kubectl, workload.name);
  expectHelped(pod, workload);
  const count = async () => {
    const log = await kubectl.run('logs', pod.metadata.name, '--container=log-shipper');
    return log.split('\n').filter(isRecord).length;
  };
  const wanted = workload.records === 'some' ? 1 : workload.records;
  await eventually(async () => (await count()) >= wanted, { timeoutMs: 60_000, everyMs: 500 });
  const records = await count();
  if (records > wanted && workload.records !== 'some')
    throw new Error(`${workload.name}: ${records} records of ${wanted} lines`);
  return records;
}

/** Throws unless all containers of a pod started once, in order, and are in the expected state. */
export function expectHelped({ status }: Pick<Pod, 'status'>, { name, own, ends }: Helped): void {
  const containers = containersOf({ status });
  expectOrder(startsOf(containers), [...helpers, ...own]);
  for (const { name: container, restartCount, state } of containers) {
    if (restartCount > 0) throw new Error(`${name}: ${container} was restarted ${restartCount} times`);
    const isInit = container === 'wait-for' || container === 'prepare';
    const exitCode = state.terminated?.exitCode;
    if (ends || isInit ? exitCode !== 0 : state.running === undefined)
      throw new Error(`${name}: ${container} ${exitCode === undefined ? 'runs' : `ended with ${exitCode}`}`);
  }
}
