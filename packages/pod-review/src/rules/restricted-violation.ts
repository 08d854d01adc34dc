import type { Container } from '../pod/container.ts';
import type { Input } from '../pod/input.ts';
import type { Pod } from '../pod/pod.ts';
import { asRecord } from '../record.ts';
import type { Problem, Rule } from './rule.ts';

export const restrictedViolation: Rule = {
  id: 'restricted-violation',
  severity: 'warning',
  why: 'The Pod Security level restricted is what current good practice asks of a pod. In a namespace that enforces it, a pod that has one container short of it is refused as a whole: the Deployment is accepted, and no pod ever comes.',
  fix: 'Give the pod runAsNonRoot: true and seccompProfile: {type: RuntimeDefault}, and every container, init containers too, allowPrivilegeEscalation: false and capabilities: {drop: [ALL]}.',
  link: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
  check: {
    *pod(pod, input) {
      const isEnforced = enforces(pod, input);
      for (const problem of problems(pod))
        yield isEnforced ? { ...problem, severity: 'error' as const } : problem;
    },
  },
};

function* problems(pod: Pod): Iterable<Problem> {
  const faults = podFaults(pod);
  if (faults.length > 0) yield { path: pod.specPath, message: `not restricted: ${faults.join(', ')}` };
  for (const container of pod.containers) {
    const faults = containerFaults(container, pod);
    if (faults.length === 0) continue;
    yield {
      path: container.path,
      container: container.name,
      message: `${container.name} is not restricted: ${faults.join(', ')}`,
    };
  }
}

/** Whether the pod's namespace, where the input has it, enforces the level. */
function enforces({ object }: Pod, input: Input): boolean {
  return input.ofKind('Namespace').some(({ name, value }) => {
    const labels = asRecord(asRecord(value['metadata'])['labels']);
    return name === object.namespace && labels['pod-security.kubernetes.io/enforce'] === 'restricted';
  });
}

const allowedVolumes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

function podFaults({ spec }: Pod): string[] {
  const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field] === true);
  const volumes = (spec.volumes ?? []).flatMap((volume) => {
    const source = Object.keys(volume).find((key) => key !== 'name' && !allowedVolumes.includes(key));
    return source === undefined ? [] : [`the volume ${volume.name} is a ${source}`];
  });
  const user = spec.securityContext?.runAsUser === 0 ? ['runAsUser is 0'] : [];
  return [...shared.map((field) => `${field} is true`), ...user, ...volumes];
}

function containerFaults({ spec }: Container, pod: Pod): string[] {
  const own = spec.securityContext ?? {};
  const common = pod.spec.securityContext ?? {};
  const profile = own.seccompProfile?.type ?? common.seccompProfile?.type;
  const { add = [], drop = [] } = own.capabilities ?? {};
  const checks: ReadonlyArray<readonly [boolean, string]> = [
    [own.privileged === true, 'privileged is true'],
    [(own.runAsNonRoot ?? common.runAsNonRoot) !== true, 'runAsNonRoot is not true'],
    [own.runAsUser === 0, 'runAsUser is 0'],
    [profile !== 'RuntimeDefault' && profile !== 'Localhost', 'no seccompProfile'],
    [own.allowPrivilegeEscalation !== false, 'allowPrivilegeEscalation is not false'],
    [!drop.includes('ALL'), 'capabilities ALL are not dropped'],
    [
      add.some((capability) => capability !== 'NET_BIND_SERVICE'),
      `capabilities are added (${add.join(', ')})`,
    ],
    [own.procMount === 'Unmasked', 'procMount is Unmasked'],
    [(spec.ports ?? []).some(({ hostPort = 0 }) => hostPort !== 0), 'a hostPort is taken'],
  ];
  return checks.filter(([isFault]) => isFault).map(([, fault]) => fault);
}
