import type { IPodSpec } from '../../types/kubernetes.ts';
import { effectiveRequests } from '../strict/api/requests.ts';
import type { Rule } from './rule.ts';

export const initAfterSidecars: Rule = {
  id: 'init-after-sidecars',
  severity: 'info',
  why: 'A pod requests the peak of what runs at any one time. An init container after the sidecars runs beside them, so its requests are added to theirs: a large one raises the request of the pod for its whole life.',
  fix: 'Put the init container before the sidecars, unless it uses them.',
  link: 'https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers',
  check: {
    *pod(pod) {
      const { spec } = pod;
      const now = effectiveRequests(spec);
      const better = effectiveRequests(initsFirst(spec));
      if (better.memoryBytes >= now.memoryBytes && better.cpuMillis >= now.cpuMillis) return;
      yield {
        path: [...pod.specPath, 'initContainers'],
        message: `the pod requests ${now.cpuMillis}m cpu and ${mebi(now.memoryBytes)}; with its init containers before the sidecars it would request ${better.cpuMillis}m and ${mebi(better.memoryBytes)}`,
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
