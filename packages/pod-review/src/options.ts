import { oneOf, option, type Program, reader, repeatable } from '@pod-patterns/kit';
import manifest from '../package.json' with { type: 'json' };
import { severities } from './rules/rule.ts';
import { kubernetesVersions } from './strict/api/versions.ts';

const ruleIds = reader('rule ids separated by commas', (value) => {
  const ids = value.split(',').map((id) => id.trim());
  return ids.every((id) => /^[a-z][a-z0-9-]*$/.test(id)) ? ids : undefined;
});

/** Everything a user can set: the source of `--help`, of the README's table and of the checks. */
export const program = {
  name: 'pod-review',
  version: manifest.version,
  summary: 'finds mistakes in multi-container pods',
  operands: 'PATH…|-',
  options: {
    format: option(oneOf('text', 'json', 'sarif', 'github', 'svg', 'mermaid'), {
      description: 'Output format (default text); for picture svg or mermaid (default svg)',
      env: 'POD_REVIEW_FORMAT',
    }),
    failOn: option(oneOf(...severities), {
      description: 'Lowest severity that sets exit code 1',
      env: 'POD_REVIEW_FAIL_ON',
      default: 'error',
    }),
    severity: option(oneOf(...severities), {
      description: 'Lowest severity to show',
      env: 'POD_REVIEW_SEVERITY',
      default: 'info',
    }),
    ignore: repeatable(ruleIds, {
      description: 'Rules to skip',
      placeholder: 'RULE,…',
      env: 'POD_REVIEW_IGNORE',
    }),
    kubernetesVersion: option(oneOf(...kubernetesVersions), {
      description: 'Oldest Kubernetes version that the manifests must support',
      env: 'POD_REVIEW_KUBERNETES_VERSION',
      default: '1.33',
    }),
  },
  notes: `PATH is a manifest, or a folder to search with its subfolders (*.yaml, *.yml, *.json); - is stdin.
Instead of a PATH:
  explain RULE…     the reason for a rule and how to fix its findings; without RULE, a list of all
  picture PATH…     draw the pods of a manifest: order of start and stop, volumes, ports

Exit code: 0 clean, 1 findings at or above --fail-on, 2 usage error.`,
  examples: [
    {
      purpose: 'Review the output of kustomize',
      command: 'kubectl kustomize k8s/app | pod-review -',
    },
    {
      purpose: 'In CI: fail on warnings too, except for two rules',
      command: 'pod-review --fail-on warning --ignore image-not-pinned,missing-limits k8s/app',
    },
    {
      purpose: 'A picture of a pod',
      command: 'pod-review picture k8s/patterns/sidecar/deployment.yaml > pod.svg',
    },
  ],
} satisfies Program;

export type Settings = {
  readonly failOn: (typeof severities)[number];
  readonly severity: (typeof severities)[number];
  readonly ignore: ReadonlySet<string>;
  readonly kubernetesVersion: (typeof kubernetesVersions)[number];
};
