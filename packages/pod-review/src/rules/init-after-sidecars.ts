import type { IPodSpec } from '../../types/kubernetes.ts';
import { effectiveRequests } from '../strict/api/requests.ts';
import type { Rule } from './rule.ts';

export const initAfterSidecars: Rule = {
  id: 'init-after-sidecars',
  severity: 'info',
  why: 'A pod asks for the most that runs at any one time. A big init container that comes after the sidecars runs beside them, so their requests are added to its own, and the pod asks for more than it ever needs again.',
  fix: 'Put the init container before the sidecars where it does not use them.',
  link: 'https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers',
  check: {
    *pod(pod) {
      const { spec } = pod;
      const now = effectiveRequests(spec);
      const better = effectiveRequests(initsFirst(spec));
      if (better.memoryBytes >= now.memoryBytes && better.cpuMillis >= now.cpuMillis) return;
      yield {
        path: [...pod.specPath, 'initContainers'],
        message: `the pod asks for ${now.cpuMillis}m cpu and ${mebi(now.memoryBytes)}; with its plain init containers first it would ask for ${better.cpuMillis}m and ${mebi(better.memoryBytes)}`,
      };
    },
  },
};

function initsFirst(spec: IPodSpec): IPodSpec {
  const inits = spec.initContainers ?? [];
  const isSidecar = ({ restartPolicy }: (typeof inits)[number]) => restartPolicy === 'Always';
  return { ...spec, initContainers: [...inits.filter((one) => !isSidecar(one)), ...inits.filter(isSidecar)] };
}

const mebi = (bytes: number) => `${Math.round(bytes / 1024 ** 2)}Mi`;
