import type { ICronJobSpec, IJobSpec } from '../../../types/kubernetes.ts';
import type { KubernetesVersion } from '../api/versions.ts';
import { scheduleFault } from './cron.ts';
import { validateFailurePolicy, validateSuccessPolicy } from './job-policies.ts';
import { isEmptySelector } from './metadata.ts';
import { domainPath } from './names.ts';
import type { Place } from './place.ts';
import { validateTemplate } from './pod-spec.ts';
import { validateSelected } from './workloads.ts';

const counts = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
] as const;

export function validateJob(
  spec: IJobSpec,
  version: KubernetesVersion,
  place: Place,
  isTemplate = false,
): void {
  const isIndexed = spec.completionMode === 'Indexed';
  for (const field of counts) place.at(field).notNegative(spec[field]);
  // both left out are 1 each, though not yet in the template of a CronJob
  const { parallelism, completions = parallelism === undefined && !isTemplate ? 1 : undefined } = spec;
  if (isIndexed && completions === undefined) {
    place.at('completions').missing('completions is required when completionMode is Indexed');
  }
  if (isIndexed) {
    place.at('parallelism').within(parallelism, 0, 100_000);
    validateManyIndexes(spec, completions ?? 0, place);
  }
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    place.at('backoffLimitPerIndex').missing('backoffLimitPerIndex is required with maxFailedIndexes');
  }
  place.at('completionMode').oneOf(spec.completionMode, ['NonIndexed', 'Indexed']);
  if (spec.managedBy !== undefined) place.at('managedBy').check(domainPath(spec.managedBy));
  if (spec.backoffLimitPerIndex !== undefined && !isIndexed) {
    place.at('backoffLimitPerIndex').invalid('allowed only when completionMode is Indexed');
  }
  validateJobSelector(spec, place);
  validateTemplate(spec.template, { version }, place.at('template'));
  validateRestartPolicy(spec, place.at('template', 'spec', 'restartPolicy'));
  validateFailurePolicy(spec, place);
  validateSuccessPolicy(spec, place.at('successPolicy'));
}

/** The server generates the selector, and labels for it, unless `manualSelector` is true. */
function validateJobSelector({ selector, manualSelector, template }: IJobSpec, place: Place): void {
  if (manualSelector !== true) {
    if (selector !== undefined)
      place.at('selector').invalid('is generated; set one only with manualSelector: true');
  } else if (selector === undefined) {
    place.at('selector').missing('a selector is required with manualSelector');
  } else if (!isEmptySelector(selector)) {
    // the server accepts an empty one
    validateSelected(selector, template, place);
  }
}

function validateRestartPolicy({ template, podFailurePolicy }: IJobSpec, place: Place): void {
  const { restartPolicy = '' } = template.spec ?? {};
  if (restartPolicy === '' || restartPolicy === 'Always') {
    place.invalid('must be OnFailure or Never in a Job');
  } else if (podFailurePolicy !== undefined && restartPolicy !== 'Never') {
    place.invalid('must be Never with a podFailurePolicy');
  }
}

/** Limits on the failed and parallel indexes of a large Job. */
function validateManyIndexes(spec: IJobSpec, completions: number, place: Place): void {
  const { maxFailedIndexes, parallelism, backoffLimitPerIndex } = spec;
  const isLarge = completions > 100_000 && backoffLimitPerIndex !== undefined;
  if (isLarge && maxFailedIndexes === undefined) {
    place.at('maxFailedIndexes').missing('maxFailedIndexes is required when completions is above 100000');
  }
  const most = isLarge ? 10_000 : 100_000;
  place.at('maxFailedIndexes').within(maxFailedIndexes, 0, Math.min(most, completions));
  if (isLarge) place.at('parallelism').within(parallelism, 0, most);
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
  validateJob(job, version, here, true);
}

function isTimeZone(name: string): boolean {
  // the API server reads it as the name of a file, in which case counts
  if (name === 'Factory') return true;
  if (!/^[A-Z]/.test(name) || name.toLowerCase() === 'local') return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}
