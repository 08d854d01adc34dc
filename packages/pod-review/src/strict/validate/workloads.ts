import type {
  IDaemonSetSpec,
  IDeploymentSpec,
  ILabelSelector,
  IPodTemplateSpec,
  IReplicaSetSpec,
  IReplicationControllerSpec,
  IStatefulSetSpec,
} from '../../../types/kubernetes.ts';
import { selects } from '../api/selects.ts';
import type { KubernetesVersion } from '../api/versions.ts';
import { isEmptySelector, validateSelector } from './metadata.ts';
import { dnsLabel } from './names.ts';
import type { Place } from './place.ts';
import { validateTemplate } from './pod-spec.ts';
import { validateClaimSpec } from './storage.ts';

export function validateDeployment(spec: IDeploymentSpec, version: KubernetesVersion, place: Place): void {
  const { replicas, selector, template, strategy, minReadySeconds = 0, progressDeadlineSeconds = 600 } = spec;
  place.at('replicas').notNegative(replicas);
  place.at('minReadySeconds').notNegative(minReadySeconds);
  place.at('revisionHistoryLimit').notNegative(spec.revisionHistoryLimit);
  place.at('progressDeadlineSeconds').notNegative(progressDeadlineSeconds);
  if (progressDeadlineSeconds <= minReadySeconds) {
    place.at('progressDeadlineSeconds').invalid(`must be more than minReadySeconds (${minReadySeconds})`);
  }
  if (strategy?.type === 'Recreate' && strategy.rollingUpdate !== undefined) {
    place.at('strategy', 'rollingUpdate').forbidden('not allowed when type is Recreate');
  } else if (strategy?.rollingUpdate !== undefined) {
    const { maxSurge = '25%', maxUnavailable = '25%' } = strategy.rollingUpdate;
    validateShares({ maxSurge, maxUnavailable }, place.at('strategy', 'rollingUpdate'));
  }
  validateSelected(selector, template, place);
  validateEndless(template, version, place.at('template'));
}

export function validateReplicaSet(spec: IReplicaSetSpec, version: KubernetesVersion, place: Place): void {
  place.at('replicas').notNegative(spec.replicas);
  place.at('minReadySeconds').notNegative(spec.minReadySeconds);
  // the type has it optional, the validation does not
  const template = spec.template ?? {};
  validateSelected(spec.selector, template, place);
  validateEndless(template, version, place.at('template'));
}

export function validateDaemonSet(spec: IDaemonSetSpec, version: KubernetesVersion, place: Place): void {
  place.at('minReadySeconds').notNegative(spec.minReadySeconds);
  place.at('revisionHistoryLimit').notNegative(spec.revisionHistoryLimit);
  const update = spec.updateStrategy?.rollingUpdate;
  if (update !== undefined) {
    const { maxSurge = 0, maxUnavailable = 1 } = update;
    const here = place.at('updateStrategy', 'rollingUpdate');
    validateShares({ maxSurge, maxUnavailable }, here);
    if (!isZero(maxSurge) && !isZero(maxUnavailable))
      here.at('maxSurge').invalid('must be 0 unless maxUnavailable is 0');
  }
  validateSelected(spec.selector, spec.template, place);
  validateEndless(spec.template, version, place.at('template'));
}

export function validateStatefulSet(spec: IStatefulSetSpec, version: KubernetesVersion, place: Place): void {
  place.at('replicas').notNegative(spec.replicas);
  place.at('minReadySeconds').notNegative(spec.minReadySeconds);
  const { updateStrategy, volumeClaimTemplates = [], serviceName = '' } = spec;
  if (serviceName !== '') place.at('serviceName').check(dnsLabel(serviceName));
  if (updateStrategy?.type === 'OnDelete' && updateStrategy.rollingUpdate !== undefined) {
    place.at('updateStrategy', 'rollingUpdate').invalid('allowed only when type is RollingUpdate');
  }
  place
    .at('updateStrategy', 'rollingUpdate', 'partition')
    .notNegative(updateStrategy?.rollingUpdate?.partition);
  for (const field of ['whenDeleted', 'whenScaled'] as const) {
    const policy = spec.persistentVolumeClaimRetentionPolicy?.[field] ?? '';
    // none is Retain
    place.at('persistentVolumeClaimRetentionPolicy', field).oneOf(policy, ['', 'Retain', 'Delete']);
  }
  place.at('ordinals', 'start').notNegative(spec.ordinals?.start);
  for (const [index, claim] of volumeClaimTemplates.entries()) {
    const name = claim.metadata?.name ?? '';
    const here = place.at('volumeClaimTemplates', index, 'metadata', 'name');
    if (name === '') here.missing();
    else here.check(dnsLabel(name));
    validateClaimSpec(claim.spec, place.at('volumeClaimTemplates', index, 'spec'));
  }
  validateSelected(spec.selector, spec.template, place);
  const claimNames = volumeClaimTemplates.map(({ metadata }) => metadata?.name ?? '');
  validateEndless(spec.template, version, place.at('template'), claimNames);
}

export function validateReplicationController(
  spec: IReplicationControllerSpec,
  version: KubernetesVersion,
  place: Place,
): void {
  place.at('replicas').notNegative(spec.replicas);
  const { template } = spec;
  if (template === undefined) {
    place.at('template').missing();
    return;
  }
  // the selector defaults to the labels of the template
  const labels = template.metadata?.labels ?? {};
  const { selector = labels } = spec;
  if (Object.keys(selector).length === 0) place.at('selector').missing();
  if (!selects({ matchLabels: selector }, labels))
    place.at('template', 'metadata', 'labels').invalid(mismatch);
  validateEndless(template, version, place.at('template'));
}

const mismatch = 'the selector does not match the labels of the template';

/** A selector that is there, says something, and matches the labels of the template. */
export function validateSelected(
  selector: ILabelSelector | undefined,
  template: IPodTemplateSpec,
  place: Place,
): void {
  if (selector === undefined || isEmptySelector(selector)) {
    place.at('selector').missing('a selector is required, and must not be empty');
    return;
  }
  validateSelector(selector, place.at('selector'));
  if (!selects(selector, template.metadata?.labels ?? {}))
    place.at('template', 'metadata', 'labels').invalid(mismatch);
}

/** A template whose pods run until they are taken away. */
function validateEndless(
  template: IPodTemplateSpec,
  version: KubernetesVersion,
  place: Place,
  claimNames: readonly string[] = [],
): void {
  validateTemplate(template, { version, claimNames }, place);
  const { restartPolicy = '', activeDeadlineSeconds } = template.spec ?? {};
  if (restartPolicy !== '' && restartPolicy !== 'Always') {
    place
      .at('spec', 'restartPolicy')
      .invalid(`${JSON.stringify(restartPolicy)} is not Always, the only value allowed here`);
  }
  if (activeDeadlineSeconds !== undefined)
    place.at('spec', 'activeDeadlineSeconds').forbidden('allowed only in a Pod or Job');
}

interface Shares {
  readonly maxSurge: string | number;
  readonly maxUnavailable: string | number;
}

/** How many pods may be too many and too few during an update: not both none. */
function validateShares({ maxSurge, maxUnavailable }: Shares, place: Place): void {
  validateShare(maxSurge, place.at('maxSurge'));
  validateShare(maxUnavailable, place.at('maxUnavailable'), 100);
  if (isZero(maxSurge) && isZero(maxUnavailable))
    place.at('maxUnavailable').invalid('cannot be 0 when maxSurge is 0');
}

const isZero = (value: string | number) => value === 0 || /^0+%$/.test(String(value));

/** A number of pods, or a percentage of them. */
export function validateShare(
  value: string | number,
  place: Place,
  mostPercent = Number.POSITIVE_INFINITY,
): void {
  if (typeof value === 'number') {
    place.notNegative(value);
    return;
  }
  const percent = /^(\d+)%$/.exec(value)?.[1];
  if (percent === undefined)
    place.invalid(`${JSON.stringify(value)} is not a number or a percentage such as 25%`);
  else if (Number(percent) > mostPercent) place.invalid(`${value} is more than ${mostPercent}%`);
}
