import { textAt, valueAt } from '../../keys/json-pointer.ts';
import { failure, type Outcome } from '../../probe/outcome.ts';
import type { Condition, KubeSpec } from './spec.ts';

/** Judges whether one object of the API is ready. */
export function judgeObject(spec: KubeSpec, object: unknown): Outcome {
  const { kind, condition } = spec;
  const shown = `${spec.plural}/${spec.name}`;
  if (condition !== undefined) return judgeCondition(object, condition, shown);
  if (kind === 'job') return judgeCondition(object, { type: 'Complete', status: 'True' }, shown);
  if (kind === 'deployment') return judgeRollout(object, spec, deploymentFault(object));
  if (kind === 'statefulset') return judgeRollout(object, spec, statefulSetFault(object));
  return judgeCondition(object, { type: 'Ready', status: 'True' }, shown);
}

function judgeCondition(object: unknown, wanted: Condition, shown: string): Outcome {
  const { type, status } = wanted;
  const found = conditionOf(object, type);
  if (found?.status === status) return { ok: true, detail: `${shown} is ${type}=${status}` };
  const lost = whyLost(object, wanted);
  if (lost !== undefined) return failure('failed', `${shown} ${lost}`);
  if (found === undefined) return failure('not-ready', `${shown} has no condition ${type} yet`);
  return failure('not-ready', `${shown} is ${type}=${found.status}${because(found)}`);
}

/** Why a condition can never become true: its object has ended another way. */
function whyLost(object: unknown, { type, status }: Condition): string | undefined {
  if (status !== 'True') return undefined;
  const phase = valueAt(object, '/status/phase');
  const isPod = valueAt(object, '/kind') === 'Pod';
  if (
    isPod &&
    type !== 'Initialized' &&
    type !== 'PodScheduled' &&
    (phase === 'Failed' || phase === 'Succeeded')
  ) {
    return `has ended: ${phase}`;
  }
  const ended = ['Complete', 'Failed'].find(
    (end) => end !== type && conditionOf(object, end)?.status === 'True',
  );
  const isEnd = type === 'Complete' || type === 'Failed' || type === 'SuccessCriteriaMet';
  const found = ended === undefined ? undefined : conditionOf(object, ended);
  return isEnd && found !== undefined ? `is ${ended}${because(found)}` : undefined;
}

interface FoundCondition {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

function conditionOf(object: unknown, type: string): FoundCondition | undefined {
  const found = listAt(object, '/status/conditions').find((one) => valueAt(one, '/type') === type);
  if (found === undefined) return undefined;
  const text = (pointer: string) => textAt(found, pointer) ?? '';
  return { status: text('/status'), reason: text('/reason'), message: text('/message') };
}

function because({ reason, message }: FoundCondition): string {
  const words = [reason, message].filter((part) => part !== '').join(': ');
  return words === '' ? '' : ` (${words.slice(0, 200)})`;
}

/** With `min` this many ready replicas suffice; otherwise only the newest version may remain. */
function judgeRollout(object: unknown, spec: KubeSpec, fault: string | undefined): Outcome {
  const shown = `${spec.plural}/${spec.name}`;
  const ready = numberAt(object, '/status/readyReplicas');
  if (spec.minCount !== undefined) return countOutcome(shown, ready, spec.minCount);
  return fault === undefined
    ? { ok: true, detail: `${shown} is rolled out, ${ready} ready` }
    : failure('not-ready', `${shown} ${fault}`);
}

/** As `kubectl rollout status` judges. */
function deploymentFault(object: unknown): string | undefined {
  const wanted = numberAt(object, '/spec/replicas', 1);
  const updated = numberAt(object, '/status/updatedReplicas');
  const all = numberAt(object, '/status/replicas');
  const available = numberAt(object, '/status/availableReplicas');
  if (isUnobserved(object)) return 'has a change that its controller has not seen yet';
  const progressing = conditionOf(object, 'Progressing');
  const late = progressing?.reason === 'ProgressDeadlineExceeded' ? ', past its progress deadline' : '';
  if (updated < wanted) return `has ${updated} of ${wanted} replicas updated${late}`;
  if (all > updated) return `has ${all - updated} old replicas left${late}`;
  return available < updated ? `has ${available} of ${updated} replicas available${late}` : undefined;
}

function statefulSetFault(object: unknown): string | undefined {
  const wanted = numberAt(object, '/spec/replicas', 1);
  const ready = numberAt(object, '/status/readyReplicas');
  const updated = numberAt(object, '/status/updatedReplicas');
  const partition = numberAt(object, '/spec/updateStrategy/rollingUpdate/partition');
  if (isUnobserved(object)) return 'has a change that its controller has not seen yet';
  if (ready < wanted) return `has ${ready} of ${wanted} replicas ready`;
  if (valueAt(object, '/spec/updateStrategy/type') === 'OnDelete') return undefined;
  const isCurrent = valueAt(object, '/status/currentRevision') === valueAt(object, '/status/updateRevision');
  const due = Math.max(0, wanted - partition);
  return isCurrent || updated >= due ? undefined : `has ${updated} of ${due} replicas updated`;
}

function isUnobserved(object: unknown): boolean {
  return numberAt(object, '/status/observedGeneration') < numberAt(object, '/metadata/generation');
}

/** Counts the ready pods of a list, except those being deleted. */
export function countReadyPods(items: readonly unknown[]): number {
  return items.filter(
    (pod) =>
      valueAt(pod, '/metadata/deletionTimestamp') === undefined &&
      conditionOf(pod, 'Ready')?.status === 'True',
  ).length;
}

/**
 * Ready endpoints in a list of EndpointSlices, each once: with two families of addresses a pod is in two slices.
 * No condition means ready (its API reference).
 */
export function readyEndpoints(items: readonly unknown[]): ReadonlySet<string> {
  const ready = new Set<string>();
  for (const endpoint of items.flatMap((slice) => listAt(slice, '/endpoints'))) {
    if (valueAt(endpoint, '/conditions/ready') === false) continue;
    const places = ['/targetRef/uid', '/targetRef/name', '/addresses/0'];
    ready.add(places.map((place) => textAt(endpoint, place)).find((text) => text !== undefined) ?? '');
  }
  return ready;
}

/** Ready when there are enough; `shown` names them. */
export function countOutcome(shown: string, ready: number, wanted: number): Outcome {
  const detail = `${shown}: ${ready} of ${wanted} ready`;
  return ready >= wanted ? { ok: true, detail } : failure('not-ready', detail);
}

function numberAt(object: unknown, pointer: string, fallback = 0): number {
  const value = valueAt(object, pointer);
  return typeof value === 'number' ? value : fallback;
}

/** The list at a JSON pointer, or an empty one. */
export function listAt(object: unknown, pointer: string): readonly unknown[] {
  const value = valueAt(object, pointer);
  return Array.isArray(value) ? value : [];
}
