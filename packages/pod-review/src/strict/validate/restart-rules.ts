import type { IContainer } from '../../../types/kubernetes.ts';
import { type KubernetesVersion, minor } from '../api/versions.ts';
import type { Place } from './place.ts';

/**
 * `restartPolicy` of a container: `Always` in an init container; all of them, for all, from 1.35. The API server of
 * 1.34 drops fields that it does not know yet.
 */
export function validateRestartRules(
  { restartPolicy, restartPolicyRules = [] }: IContainer,
  { version, isInit }: { readonly version: KubernetesVersion; readonly isInit: boolean },
  place: Place,
): void {
  if (minor(version) === 34) return;
  if (minor(version) >= 35) validateExitRules(restartPolicyRules, version, place.at('restartPolicyRules'));
  if (restartPolicy === undefined) {
    if (minor(version) >= 35 && restartPolicyRules.length > 0)
      place.at('restartPolicy').missing('restartPolicy is required with restartPolicyRules');
    return;
  }
  const here = place.at('restartPolicy');
  if (minor(version) >= 35) here.oneOf(restartPolicy, ['Always', 'Never', 'OnFailure']);
  else if (isInit) here.oneOf(restartPolicy, ['Always']);
  else here.forbidden('allowed only in an init container before Kubernetes 1.35');
  if (minor(version) === 35 && isInit && restartPolicy === 'Always' && restartPolicyRules.length > 0)
    place.at('restartPolicyRules').forbidden('allowed in a sidecar since Kubernetes 1.36');
}

/** Actions by a container's exit codes; the API server drops the rules before 1.35. */
function validateExitRules(
  rules: NonNullable<IContainer['restartPolicyRules']>,
  version: KubernetesVersion,
  place: Place,
): void {
  const actions = minor(version) >= 36 ? ['Restart', 'RestartAllContainers'] : ['Restart'];
  if (rules.length > 20) place.invalid('at most 20 are allowed');
  for (const [index, { action, exitCodes }] of rules.entries()) {
    place.at(index, 'action').oneOf(action, actions);
    const here = place.at(index, 'exitCodes');
    if (exitCodes === undefined) here.missing();
    else here.at('operator').oneOf(exitCodes.operator, ['In', 'NotIn']);
    if ((exitCodes?.values ?? []).length > 255) here.at('values').invalid('at most 255 are allowed');
  }
}
