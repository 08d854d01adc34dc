import type { Container } from '../pod/container.ts';
import { type Pod, volumesOf } from '../pod/pod.ts';
import { isLogShipper } from './log-shipper.ts';
import type { Rule } from './rule.ts';

export const logSidecarForStdout: Rule = {
  id: 'log-sidecar-for-stdout',
  severity: 'warning',
  why: 'A log sidecar can read files on a shared volume, but not the app’s stdout. The node already stores stdout, and one agent per node reads it for all pods.',
  fix: 'Remove the sidecar and collect stdout with a DaemonSet. If the app writes log files, keep the sidecar and share their folder with it.',
  link: 'https://kubernetes.io/docs/concepts/cluster-administration/logging/#cluster-level-logging-architectures',
  check: {
    *pod(pod) {
      const apps = pod.containers.filter(({ role }) => role === 'app' || role === 'datastore');
      for (const shipper of pod.containers.filter(isLogShipper)) {
        const message = faultOf(shipper, apps, pod);
        if (message !== undefined) yield { path: shipper.path, container: shipper.name, message };
      }
    },
  },
};

function faultOf(shipper: Container, apps: readonly Container[], pod: Pod): string | undefined {
  const mounts = shipper.spec.volumeMounts ?? [];
  const volumes = volumesOf(pod);
  const ofNode = mounts.find(({ name }) =>
    /^\/var\/(log\/(pods|containers)|lib\/docker)/.test(volumes.get(name)?.hostPath?.path ?? ''),
  );
  if (ofNode !== undefined && apps.length > 0) {
    return `${shipper.name} reads the logs of the whole node: each replica ships all of them`;
  }
  // volume-not-shared reports files on a volume of their own
  const hasVolume = mounts.some(({ name }) => {
    const volume = volumes.get(name);
    return volume?.configMap === undefined && volume?.secret === undefined && volume?.projected === undefined;
  });
  if (hasVolume || apps.length === 0) return undefined;
  return `${shipper.name} shares no volume with ${apps.map(({ name }) => name).join(', ')}, so it cannot read their logs`;
}
