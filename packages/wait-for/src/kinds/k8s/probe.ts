import { valueAt } from '../../keys/json-pointer.ts';
import type { Attempt } from '../../probe/attempt.ts';
import { type Failure, failure, type Outcome } from '../../probe/outcome.ts';
import type { Permission } from '../../probe/permission.ts';
import { getObject, type Identity, readIdentity } from './api.ts';
import { accountOf, permissionFor } from './permission.ts';
import { countOutcome, countReadyPods, judgeObject, listAt, readyEndpoints } from './readiness.ts';
import type { KubeSpec } from './spec.ts';

const pageSize = 500;

/**
 * Ready when an object of the API is. It is asked for anew at each try, not watched: that needs one verb
 * less of RBAC, and a start that comes a second later than it could is no harm.
 */
export async function probeK8s(spec: KubeSpec, attempt: Attempt): Promise<Outcome> {
  const identity = await readIdentity(attempt);
  if (!identity.ok) return identity;
  const asked: Asked = { spec, identity, namespace: spec.namespace ?? identity.namespace };
  if (spec.kind === 'endpoints') {
    const slices = await listAll(asked, `kubernetes.io/service-name=${spec.name}`, attempt);
    if (!Array.isArray(slices)) return slices;
    return countOutcome(`Service ${spec.name}`, readyEndpoints(slices).size, spec.minCount ?? 1);
  }
  if (spec.name === '') {
    const pods = await listAll(asked, spec.labels, attempt);
    if (!Array.isArray(pods)) return pods;
    return judgePods(spec, pods);
  }
  const answer = await get(asked, pathOf(asked), attempt);
  return answer.ok ? judgeObject(spec, answer.body) : answer;
}

function judgePods(spec: KubeSpec, pods: readonly unknown[]): Outcome {
  const shown = `pods with ${spec.labels}`;
  if (spec.condition === undefined) return countOutcome(shown, countReadyPods(pods), spec.minCount ?? 1);
  const outcomes = pods.map((pod) => judgeObject(spec, pod));
  return countOutcome(shown, outcomes.filter(({ ok }) => ok).length, spec.minCount ?? 1);
}

interface Asked {
  readonly spec: KubeSpec;
  readonly identity: Identity;
  /** Empty for a kind without namespaces. */
  readonly namespace: string;
}

function pathOf({ spec, namespace }: Asked): string {
  const base = spec.group === '' ? `/api/${spec.version}` : `/apis/${spec.group}/${spec.version}`;
  const within = namespace === '' ? '' : `/namespaces/${namespace}`;
  const isList = spec.kind === 'endpoints' || spec.name === '';
  return `${base}${within}/${spec.plural}${isList ? '' : `/${spec.name}`}`;
}

/** All pages of a list. A page may be gone before it is read (410): then the next try begins anew. */
async function listAll(asked: Asked, labels: string, attempt: Attempt): Promise<unknown[] | Failure> {
  const items: unknown[] = [];
  let next = '';
  do {
    const query = new URLSearchParams({ labelSelector: labels, limit: String(pageSize) });
    if (next !== '') query.set('continue', next);
    const answer = await get(asked, `${pathOf(asked)}?${query}`, attempt);
    if (!answer.ok) return answer;
    for (const item of listAt(answer.body, '/items')) items.push(item);
    next = String(valueAt(answer.body, '/metadata/continue') ?? '');
  } while (next !== '');
  return items;
}

async function get(
  asked: Asked,
  path: string,
  attempt: Attempt,
): Promise<{ readonly ok: true; readonly body: unknown } | Failure> {
  const answer = await getObject(path, asked.identity, attempt);
  if (!answer.ok || answer.status === 200) return answer;
  const { status, address, body } = answer;
  const message = String(valueAt(body, '/message') ?? `status ${status}`).slice(0, 300);
  const detail = `${address}: ${message}`;
  if (status === 401) return failure('auth', `${detail} (the token is not accepted)`);
  if (status === 403) return { ...failure('denied', detail), permissions: [permissionOf(asked)] };
  if (status === 404) return failure('not-found', detail);
  return { ...failure('http-status', `${address} answers ${status}: ${message}`), httpStatus: status };
}

function permissionOf({ spec, identity, namespace }: Asked): Permission {
  const account = accountOf(identity.token) ?? { namespace: identity.namespace, name: 'default' };
  return permissionFor(spec, namespace, account);
}
