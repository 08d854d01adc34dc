import type { Report } from '../fault.ts';
import type { KubernetesObject } from '../read-object.ts';
import type { KubernetesVersion } from '../versions.ts';

export function validate(
  _object: Omit<KubernetesObject, 'faults'>,
  _version: KubernetesVersion,
  _report: Report,
): void {}
