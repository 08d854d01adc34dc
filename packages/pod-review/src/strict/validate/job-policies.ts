import type { IJobSpec } from '../../../types/kubernetes.ts';
import { qualifiedName } from './names.ts';
import type { Place } from './place.ts';

const mostRules = 20;
const mostCodes = 255;

type FailureRule = NonNullable<IJobSpec['podFailurePolicy']>['rules'][number];
type ExitCodes = NonNullable<FailureRule['onExitCodes']>;

/** Actions of a Job when one of its pods fails. */
export function validateFailurePolicy(spec: IJobSpec, place: Place): void {
  const { podFailurePolicy, podReplacementPolicy = 'Failed', template } = spec;
  if (podFailurePolicy === undefined) return;
  if (podReplacementPolicy !== 'Failed') {
    place.at('podReplacementPolicy').invalid('must be Failed with a podFailurePolicy');
  }
  const { containers = [], initContainers = [] } = template.spec ?? {};
  const names = [...containers, ...initContainers].map(({ name }) => name);
  const { rules } = podFailurePolicy;
  const here = place.at('podFailurePolicy', 'rules');
  if (rules.length > mostRules) here.invalid(`at most ${mostRules} are allowed`);
  for (const [index, rule] of rules.entries()) {
    validateFailureRule(rule, names, here.at(index));
    if (rule.action.length === 0) here.at(index, 'action').missing();
    if (rule.action === 'FailIndex' && spec.backoffLimitPerIndex === undefined) {
      here.at(index, 'action').invalid('FailIndex needs a backoffLimitPerIndex');
    }
  }
}

function validateFailureRule(
  { onExitCodes, onPodConditions = [] }: FailureRule,
  names: readonly string[],
  place: Place,
): void {
  if (onPodConditions.length > 20) place.at('onPodConditions').invalid('at most 20 are allowed');
  if (onExitCodes === undefined && onPodConditions.length === 0)
    place.invalid('expected onExitCodes or onPodConditions');
  if (onExitCodes !== undefined && onPodConditions.length > 0)
    place.invalid('expected onExitCodes or onPodConditions, not both');
  for (const [index, { type, status = '' }] of onPodConditions.entries()) {
    place.at('onPodConditions', index, 'type').check(qualifiedName(type));
    // none is True
    place.at('onPodConditions', index, 'status').oneOf(status, ['', 'True', 'False', 'Unknown']);
  }
  if (onExitCodes !== undefined) validateExitCodes(onExitCodes, names, place.at('onExitCodes'));
}

function validateExitCodes(
  { containerName, operator, values }: ExitCodes,
  names: readonly string[],
  place: Place,
): void {
  if (containerName !== undefined && !names.includes(containerName)) {
    place.at('containerName').invalid(`the pod has no container ${containerName}`);
  }
  const here = place.at('values');
  if (values.length === 0) here.missing();
  if (values.length > mostCodes) here.invalid(`at most ${mostCodes} are allowed`);
  if (operator === 'In' && values.includes(0)) here.invalid('0 is not a failure');
  if (values.some((code, index) => index > 0 && code <= Number(values[index - 1]))) {
    here.invalid('must be sorted and without duplicates');
  }
}

/** When a Job has succeeded though not all of its pods have. */
export function validateSuccessPolicy(spec: IJobSpec, place: Place): void {
  const { successPolicy, completions = spec.parallelism === undefined ? 1 : 0 } = spec;
  if (successPolicy === undefined) return;
  if (spec.completionMode !== 'Indexed') {
    place.invalid('allowed only when completionMode is Indexed');
    return;
  }
  const { rules } = successPolicy;
  if (rules.length === 0) place.at('rules').missing('at least one rule is required');
  if (rules.length > mostRules) place.at('rules').invalid(`at most ${mostRules} are allowed`);
  for (const [index, { succeededCount, succeededIndexes }] of rules.entries()) {
    const here = place.at('rules', index);
    if (succeededCount === undefined && succeededIndexes === undefined)
      here.missing('expected succeededCount or succeededIndexes');
    const fault = succeededIndexes === undefined ? undefined : indexesFault(succeededIndexes, completions);
    here.at('succeededIndexes').check(fault);
    const named =
      fault === undefined && succeededIndexes !== undefined ? countOf(succeededIndexes) : completions;
    here.at('succeededCount').within(succeededCount, 0, named);
  }
}

/** How many indexes `0,2-4,7` names. */
function countOf(text: string): number {
  if (text === '') return 0;
  return text.split(',').reduce((sum, part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return sum + last - first + 1;
  }, 0);
}

/** `0,2-4,7`: rising, each below the number of completions. */
function indexesFault(text: string, completions: number): string | undefined {
  if (text === '') return undefined;
  let next = 0;
  for (const part of text.split(',')) {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (first === undefined) return `${JSON.stringify(text)} is not of the form 0,2-4,7`;
    if (Number(first) < next || Number(last) < Number(first) || (part.includes('-') && first === last))
      return `${JSON.stringify(text)} is not in ascending order`;
    if (Number(last) >= completions) return `${last} is not below completions (${completions})`;
    next = Number(last) + 1;
  }
  return undefined;
}
