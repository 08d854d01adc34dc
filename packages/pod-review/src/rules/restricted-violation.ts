import { isPlaceholder } from '../pod/container.ts';
import type { Pod } from '../pod/pod.ts';
import { asRecord } from '../record.ts';
import { minor } from '../strict/api/versions.ts';
import type { Violation } from '../strict/pod-security/check.ts';
import { type Policy, violationsOf } from '../strict/pod-security/pod-security.ts';
import type { Problem, Rule, Scope } from './rule.ts';

export const restrictedViolation: Rule = {
  id: 'restricted-violation',
  severity: 'warning',
  why: 'The Pod Security level restricted is current best practice. A namespace that enforces it refuses a pod if one container violates it: the Deployment is accepted, but none of its pods is created.',
  fix: 'Set runAsNonRoot: true and seccompProfile: {type: RuntimeDefault} on the pod. Set allowPrivilegeEscalation: false and capabilities: {drop: [ALL]} on every container, including init containers. Remove any other setting in the message.',
  link: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
  check: {
    *pod(pod, input) {
      const enforced = enforcedPolicy(pod, input);
      const refused = enforced === undefined ? [] : violationsOf(pod, enforced.policy);
      if (enforced !== undefined) {
        const { level } = enforced.policy;
        const says = `violates ${level}, which the namespace ${enforced.namespace} enforces`;
        const fix =
          level === 'restricted' ? {} : { fix: `Remove the settings in the message: ${level} forbids them.` };
        for (const problem of grouped(refused, says, pod)) yield { ...problem, ...fix, severity: 'error' };
      }
      const told = new Set(refused.map(keyOf));
      const all = violationsOf(pod, { level: 'restricted', minor: minor(input.version) });
      yield* grouped(
        all.filter((violation) => !told.has(keyOf(violation))),
        'is not restricted',
        pod,
      );
    },
  },
};

const keyOf = ({ says, container = [] }: Violation) => `${container.join('.')} ${says}`;

/** One problem for the pod itself and one for each container that has any. */
function* grouped(violations: readonly Violation[], says: string, pod: Pod): Iterable<Problem> {
  const groups = Map.groupBy(violations, ({ container }) => container?.join('.'));
  const containers = new Map(pod.containers.map((one) => [one.path.join('.'), one]));
  for (const [place, group] of groups) {
    const faults = group.map((violation) => violation.says).join(', ');
    const path = [...pod.specPath, ...(group[0]?.container ?? [])];
    const container = containers.get(path.join('.'));
    if (container !== undefined && isPlaceholder(container)) continue;
    yield {
      path,
      message: `${container?.name ?? place ?? 'the pod'} ${says}: ${faults}`,
      ...(container === undefined ? {} : { container: container.name }),
    };
  }
}

interface Enforced {
  readonly policy: Policy;
  readonly namespace: string;
}

/** Level that the pod's namespace enforces, if the input has it; undefined if it admits everything. */
function enforcedPolicy({ object }: Pod, input: Scope): Enforced | undefined {
  const namespace = input.ofKind('Namespace').find(({ name }) => name === object.namespace);
  const labels = asRecord(asRecord(namespace?.value['metadata'])['labels']);
  const level = labels['pod-security.kubernetes.io/enforce'];
  if (namespace === undefined || (level !== 'baseline' && level !== 'restricted')) return undefined;
  const pinned = /^v1\.(\d{1,3})$/.exec(String(labels['pod-security.kubernetes.io/enforce-version']))?.[1];
  // as new as the cluster, where no version is named
  const policy = { level, minor: pinned === undefined ? minor(input.version) : Number(pinned) } as const;
  return { policy, namespace: namespace.name };
}
