import type {
  ICpuAutoscalerSpec,
  IHorizontalPodAutoscalerSpec,
  IMetricSpec,
  IMetricTarget,
  IPodDisruptionBudgetSpec,
} from '../../../types/kubernetes.ts';
import { compareQuantities, parseQuantity } from '../api/quantity.ts';
import { type KubernetesVersion, minor } from '../api/versions.ts';
import { validateSelector } from './metadata.ts';
import { dnsLabel, pathSegment } from './names.ts';
import type { Place } from './place.ts';
import { validateShare } from './workloads.ts';

export function validateBudget(spec: IPodDisruptionBudgetSpec, place: Place): void {
  const { minAvailable, maxUnavailable, selector } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    place.at('maxUnavailable').invalid('minAvailable and maxUnavailable are mutually exclusive');
  }
  if (minAvailable !== undefined) validateShare(minAvailable, place.at('minAvailable'), 100);
  if (maxUnavailable !== undefined) validateShare(maxUnavailable, place.at('maxUnavailable'), 100);
  const policies = ['AlwaysAllow', 'IfHealthyBudget'];
  place.at('unhealthyPodEvictionPolicy').oneOf(spec.unhealthyPodEvictionPolicy, policies);
  validateSelector(selector, place.at('selector'));
}

type Bounds = Pick<IHorizontalPodAutoscalerSpec, 'minReplicas' | 'maxReplicas' | 'scaleTargetRef'>;

function validateBounds(
  { minReplicas = 1, maxReplicas, scaleTargetRef }: Bounds,
  version: KubernetesVersion,
  place: Place,
): void {
  if (minReplicas < 1) place.at('minReplicas').invalid(`${minReplicas} must be more than 0`);
  if (maxReplicas < 1) place.at('maxReplicas').invalid(`${maxReplicas} must be more than 0`);
  else if (maxReplicas < minReplicas)
    place.at('maxReplicas').invalid(`${maxReplicas} is less than minReplicas (${minReplicas})`);
  validateTargetRef(scaleTargetRef, place.at('scaleTargetRef'));
  const { apiVersion = '' } = scaleTargetRef;
  if (minor(version) >= 34 && !/^[^/]+\/[^/]+$/.test(apiVersion))
    place.at('scaleTargetRef', 'apiVersion').invalid('must be a group and a version, such as apps/v1');
}

function validateTargetRef(ref: Bounds['scaleTargetRef'], place: Place): void {
  for (const field of ['kind', 'name'] as const) {
    if (ref[field] === '') place.at(field).missing();
    else place.at(field).check(pathSegment(ref[field]));
  }
}

/** A HorizontalPodAutoscaler of autoscaling/v2. */
export function validateAutoscaler(
  spec: IHorizontalPodAutoscalerSpec,
  version: KubernetesVersion,
  place: Place,
): void {
  validateBounds(spec, version, place);
  for (const [index, metric] of (spec.metrics ?? []).entries())
    validateMetric(metric, place.at('metrics', index));
  for (const name of ['scaleUp', 'scaleDown'] as const) {
    const rules = spec.behavior?.[name];
    const here = place.at('behavior', name);
    here.at('stabilizationWindowSeconds').within(rules?.stabilizationWindowSeconds, 0, 3600);
    here.at('selectPolicy').oneOf(rules?.selectPolicy, ['Max', 'Min', 'Disabled']);
    const tolerance = parseQuantity(rules?.tolerance);
    // its gate is on from 1.35
    if (minor(version) >= 35 && tolerance !== undefined && tolerance.units < 0n)
      here.at('tolerance').invalid('must not be negative');
    if (rules?.policies?.length === 0) here.at('policies').missing('at least one policy is required');
    for (const [index, { type, value, periodSeconds }] of (rules?.policies ?? []).entries()) {
      here.at('policies', index, 'type').oneOf(type, ['Pods', 'Percent']);
      if (value <= 0) here.at('policies', index, 'value').invalid(`${value} must be more than 0`);
      here.at('policies', index, 'periodSeconds').within(periodSeconds, 1, 1800);
    }
  }
}

const sources = ['object', 'pods', 'resource', 'containerResource', 'external'] as const;

function validateMetric(metric: IMetricSpec, place: Place): void {
  const { type } = metric;
  if (type.length === 0) {
    place.at('type').missing();
    return;
  }
  const expected = sources.find((source) => `${source[0]?.toUpperCase()}${source.slice(1)}` === type);
  if (expected === undefined) {
    place.at('type').oneOf(type, ['ContainerResource', 'External', 'Object', 'Pods', 'Resource']);
    return;
  }
  if (metric[expected] === undefined)
    place.at(expected).missing(`${expected} is required when type is ${type}`);
  for (const other of sources) {
    if (other !== expected && metric[other] !== undefined)
      place.at(other).forbidden(`not allowed when type is ${type}`);
  }
  const { resource, containerResource, object } = metric;
  if (object !== undefined) validateTargetRef(object.describedObject, place.at('object', 'describedObject'));
  for (const name of ['object', 'pods', 'external'] as const) {
    const identifier = metric[name]?.metric;
    if (identifier === undefined) continue;
    const here = place.at(name, 'metric', 'name');
    if (identifier.name === '') here.missing();
    else here.check(pathSegment(identifier.name));
  }
  if (resource !== undefined && resource.name === '') place.at('resource', 'name').missing();
  if (containerResource !== undefined && containerResource.name === '')
    place.at('containerResource', 'name').missing();
  if (containerResource !== undefined && containerResource.container === '') {
    place.at('containerResource', 'container').missing();
  } else if (containerResource !== undefined) {
    place.at('containerResource', 'container').check(dnsLabel(containerResource.container));
  }
  const target = metric[expected]?.target;
  if (target !== undefined) validateTarget(target, expected, place.at(expected, 'target'));
}

/** Possible targets by kind of metric, the recommended one first. */
const targets = {
  object: ['value', 'averageValue'],
  external: ['value', 'averageValue'],
  pods: ['averageValue'],
  resource: ['averageUtilization', 'averageValue'],
  containerResource: ['averageUtilization', 'averageValue'],
} as const;

function validateTarget(target: IMetricTarget, source: keyof typeof targets, place: Place): void {
  if (target.type.length === 0) place.at('type').missing();
  else place.at('type').oneOf(target.type, ['Utilization', 'Value', 'AverageValue']);
  validateUtilization(target.averageUtilization, place.at('averageUtilization'));
  for (const name of ['averageValue', 'value'] as const) {
    const quantity = parseQuantity(target[name]);
    if (quantity !== undefined && compareQuantities(quantity, { units: 0n, scale: 0 }) <= 0) {
      place.at(name).invalid(`${target[name]} must be more than 0`);
    }
  }
  const given = targets[source].filter((name) => target[name] !== undefined);
  if (given.length === 0) place.missing(`expected ${targets[source].join(' or ')}`);
  // a metric of an object may have both
  if (given.length > 1 && source !== 'object') {
    place.at('averageValue').forbidden(`not allowed with ${targets[source][0]}`);
  }
}

function validateUtilization(percent: number | undefined, place: Place): void {
  if (percent !== undefined && percent < 1) place.invalid(`${percent} must be more than 0`);
}

/** A HorizontalPodAutoscaler of autoscaling/v1. */
export function validateCpuAutoscaler(
  spec: ICpuAutoscalerSpec,
  version: KubernetesVersion,
  place: Place,
): void {
  validateBounds(spec, version, place);
  validateUtilization(spec.targetCPUUtilizationPercentage, place.at('targetCPUUtilizationPercentage'));
}
