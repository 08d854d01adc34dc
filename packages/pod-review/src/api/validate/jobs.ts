import type { ICronJobSpec, IJobSpec } from '../../../types/kubernetes.ts';
import type { KubernetesVersion } from '../versions.ts';
import { scheduleFault } from './cron.ts';
import type { Place } from './place.ts';
import { validateTemplate } from './pod-spec.ts';

const counts = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
] as const;

export function validateJob(spec: IJobSpec, version: KubernetesVersion, place: Place): void {
  for (const field of counts) place.at(field).notNegative(spec[field]);
  if (spec.completionMode === 'Indexed' && spec.completions === undefined) {
    place.at('completions').missing('completions is required where completionMode is Indexed');
  }
  if (spec.backoffLimitPerIndex !== undefined && spec.completionMode !== 'Indexed') {
    place.at('backoffLimitPerIndex').invalid('only where completionMode is Indexed');
  }
  if (spec.selector !== undefined && spec.manualSelector !== true) {
    place.at('selector').invalid('is generated; only manualSelector: true allows one');
  }
  validateTemplate(spec.template, { version }, place.at('template'));
  const here = place.at('template', 'spec', 'restartPolicy');
  const { restartPolicy = '' } = spec.template.spec ?? {};
  if (restartPolicy === '' || restartPolicy === 'Always') here.invalid('must be OnFailure or Never in a Job');
  else if (spec.podFailurePolicy !== undefined && restartPolicy !== 'Never') {
    here.invalid('must be Never where there is a podFailurePolicy');
  }
  validateFailurePolicy(spec, place.at('podFailurePolicy', 'rules'));
}

function validateFailurePolicy({ podFailurePolicy, template }: IJobSpec, place: Place): void {
  const { containers = [], initContainers = [] } = template.spec ?? {};
  const names = [...containers, ...initContainers].map(({ name }) => name);
  for (const [index, { onExitCodes, onPodConditions }] of (podFailurePolicy?.rules ?? []).entries()) {
    const here = place.at(index);
    const hasConditions = (onPodConditions ?? []).length > 0;
    if (onExitCodes === undefined && !hasConditions) here.invalid('expected onExitCodes or onPodConditions');
    if (onExitCodes !== undefined && hasConditions)
      here.invalid('expected one of onExitCodes and onPodConditions');
    if (onExitCodes === undefined) continue;
    const { containerName, operator, values } = onExitCodes;
    if (containerName !== undefined && !names.includes(containerName)) {
      here.at('onExitCodes', 'containerName').invalid(`the pod has no container ${containerName}`);
    }
    if (values.length === 0) here.at('onExitCodes', 'values').missing();
    if (operator === 'In' && values.includes(0)) here.at('onExitCodes', 'values').invalid('0 is no failure');
  }
}

export function validateCronJob(spec: ICronJobSpec, version: KubernetesVersion, place: Place): void {
  const { schedule, timeZone, jobTemplate } = spec;
  if (schedule === '') place.at('schedule').missing();
  else place.at('schedule').check(scheduleFault(schedule));
  place.at('startingDeadlineSeconds').notNegative(spec.startingDeadlineSeconds);
  place.at('successfulJobsHistoryLimit').notNegative(spec.successfulJobsHistoryLimit);
  place.at('failedJobsHistoryLimit').notNegative(spec.failedJobsHistoryLimit);
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    place.at('timeZone').invalid(`${JSON.stringify(timeZone)} is not a time zone such as Etc/UTC`);
  }
  const { spec: job } = jobTemplate;
  const here = place.at('jobTemplate', 'spec');
  if (job === undefined) {
    here.at('template').missing();
    return;
  }
  if (job.manualSelector === true) here.at('manualSelector').invalid('cannot be true in a CronJob');
  validateJob(job, version, here);
}

function isTimeZone(name: string): boolean {
  if (name === '' || name.toLowerCase() === 'local') return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
