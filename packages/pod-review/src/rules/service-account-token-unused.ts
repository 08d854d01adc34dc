import { commandWords } from '../pod/command.ts';
import type { Container } from '../pod/container.ts';
import type { Input } from '../pod/input.ts';
import type { Pod } from '../pod/pod.ts';
import { asRecord } from '../record.ts';
import { programOfImage, programOfName } from '../roles/programs/find-program.ts';
import type { Rule } from './rule.ts';

export const serviceAccountTokenUnused: Rule = {
  id: 'service-account-token-unused',
  severity: 'warning',
  why: 'Every container of the pod, including the helpers, gets a token for the Kubernetes API that nothing uses. An attacker who takes over any of them holds the token.',
  fix: 'Set automountServiceAccountToken: false on the pod and its ServiceAccount. If a container does use the API, give it a projected token volume.',
  link: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting',
  check: {
    *pod(pod, input) {
      const { automountServiceAccountToken, serviceAccountName = '' } = pod.spec;
      if (automountServiceAccountToken === false || pod.containers.some(usesToken)) return;
      const account = serviceAccountName === '' ? 'default' : serviceAccountName;
      const own = input.find('ServiceAccount', account, pod);
      if (automountServiceAccountToken === undefined && own?.value['automountServiceAccountToken'] === false)
        return;
      // an account of its own that the input does not hold may well have rights elsewhere
      if (account !== 'default' && (own === undefined || isBound(account, pod, input))) return;
      yield {
        path: pod.specPath,
        message: `the token of the ServiceAccount ${account} is mounted in every container, but no binding gives it rights`,
      };
    },
  },
};

/** Whether a container is known to ask the API, or names the token. */
function usesToken({ name, spec }: Container): boolean {
  const found = [programOfImage(spec.image ?? ''), programOfName(name)];
  const said = [...commandWords({ spec }), ...(spec.env ?? []).map(({ value = '' }) => value)].join('\n');
  return (
    found.some((one) => one?.match === 'whole' && one.program.usesToken === true) ||
    /\bkubectl\b|kubernetes\.default|\/var\/run\/secrets\/kubernetes\.io\/serviceaccount|--openshift-service-account/.test(
      said,
    )
  );
}

function isBound(account: string, pod: Pod, input: Input): boolean {
  const bindings = [...input.ofKind('RoleBinding'), ...input.ofKind('ClusterRoleBinding')];
  return bindings.some(({ value }) => {
    const subjects: readonly unknown[] = Array.isArray(value['subjects']) ? value['subjects'] : [];
    return subjects.some((subject) => {
      const { name, namespace } = asRecord(subject);
      return (
        name === account &&
        (namespace === undefined || pod.object.namespace === undefined || namespace === pod.object.namespace)
      );
    });
  });
}
