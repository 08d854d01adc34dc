import { parse } from 'yaml';

export type Permissions = Readonly<Record<string, string>>;

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly jobs: Readonly<
    Record<string, Step & { readonly permissions?: Permissions; readonly steps?: readonly Step[] }>
  >;
}

/** Events that run an outsider's content with the repository's secrets. */
const privileged = ['pull_request_target', 'workflow_run', 'issue_comment', 'issues', 'discussion'];
const pinned = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/;

/** Weak points of a workflow, a line each; `granted` are the permissions that each of its jobs may have. */
export function workflowFaults(text: string, granted: Readonly<Record<string, Permissions>>): string[] {
  const workflow: Workflow = parse(text);
  const faults = privileged.filter((event) => event in workflow.on).map((event) => `runs on ${event}`);
  if (JSON.stringify(workflow.permissions) !== '{}')
    faults.push('the workflow has permissions: each job names its own');
  for (const [name, job] of Object.entries(workflow.jobs)) {
    faults.push(...permissionFaults(job.permissions, granted[name]).map((fault) => `${name}: ${fault}`));
    faults.push(...[job, ...(job.steps ?? [])].flatMap(stepFaults).map((fault) => `${name}: ${fault}`));
  }
  return [...faults, ...commentFaults(text)];
}

function permissionFaults(actual: Permissions | undefined, granted: Permissions | undefined): string[] {
  if (actual === undefined) return ['has no permissions of its own'];
  if (granted === undefined) return ['is not in the table of permissions'];
  if (typeof actual !== 'object') return [`permissions: ${actual}`];
  return Object.entries(actual)
    .filter(([scope, access]) => granted[scope] !== access)
    .map(([scope, access]) => `may ${access} ${scope}`);
}

function stepFaults({ uses, run, with: inputs }: Step): string[] {
  const faults: string[] = [];
  // the value of an expression becomes part of the script; an environment variable does not
  if (run?.includes('${{')) faults.push('an expression in a script');
  if (uses !== undefined && !pinned.test(uses)) faults.push(`${uses} is not pinned by commit`);
  if (uses?.startsWith('actions/checkout@') && inputs?.['persist-credentials'] !== false)
    faults.push('checkout leaves its token in the work tree');
  return faults;
}

/** The version stands beside the commit, where a reader and Dependabot look for it. */
function commentFaults(text: string): string[] {
  const lines = text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line));
  return lines
    .filter((line) => !/@\S+ # v\d+\.\d+\.\d+$/.test(line))
    .map((line) => `no version beside ${line.trim()}`);
}
