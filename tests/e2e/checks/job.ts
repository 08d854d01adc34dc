import { goldenPod } from '../../manifests/manifests.ts';
import { clientNamespace, namespaceOf } from '../app.ts';
import type { ClusterCheck } from '../check.ts';
import { isRecord } from '../shipped.ts';

const lines = 2000;
const write = `i=0; while [ $i -lt ${lines} ]; do i=$((i + 1)); echo "{\\"line\\":$i}" >>/var/log/app/app.log; done`;

/** The pod of patterns/sidecar as a Job: its application ends by itself. */
function jobOf(): object {
  const { spec } = goldenPod('k8s/patterns/sidecar', 'sidecar');
  const containers = spec.containers.map((container) => ({ ...container, command: ['sh', '-c', write] }));
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'job' },
    spec: { backoffLimit: 0, template: { spec: { ...spec, containers, restartPolicy: 'Never' } } },
  };
}

/** A Job with a sidecar completes, and all of its lines are shipped. */
export const job: ClusterCheck = {
  title: 'a Job with a sidecar',
  async see(cluster) {
    const kubectl = cluster.in(clientNamespace);
    try {
      await cluster.send([namespaceOf(clientNamespace)], 'apply');
      const since = performance.now();
      await kubectl.send([jobOf()], 'apply');
      await kubectl.run('wait', '--for=condition=Complete', 'job/job', '--timeout=120s');
      const seconds = (performance.now() - since) / 1000;
      const log = await kubectl.run('logs', 'job/job', '--container=log-shipper');
      const records: ReadonlyArray<{ line: number }> = log
        .split('\n')
        .filter(isRecord)
        .map((line) => JSON.parse(line));
      const shipped = records.map(({ line }) => line);
      const missing = lines - new Set(shipped).size;
      if (missing > 0 || shipped.length > lines)
        throw new Error(`${missing} missing, ${shipped.length} shipped`);
      return `complete after ${seconds.toFixed(1)} s; ${lines} lines, each shipped exactly once`;
    } finally {
      await cluster.run('delete', 'namespace', clientNamespace, '--ignore-not-found');
    }
  },
};
