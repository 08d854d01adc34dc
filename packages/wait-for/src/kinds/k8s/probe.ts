import { textAt } from '../../keys/json-pointer.ts';
import type { Attempt } from '../../probe/attempt.ts';
import { type Failure, failure, type Outcome } from '../../probe/outcome.ts';
import type { Permission } from '../../probe/permission.ts';
import { getObject, type Identity, readIdentity } from './api.ts';
import { accountOf, permissionFor } from './permission.ts';
import { countOutcome, countReadyPods, judgeObject, listAt, readyEndpoints } from './readiness.ts';
import type { KubeSpec } from './spec.ts';

const pageSize = 50;
const mostPages = 1000;

/**
 * Ready when an object of the API is. It is read at each try, not watched: that needs one RBAC verb less,
 * and a start one second later does no harm.
 */
export async function probeK8s(spec: KubeSpec, attempt: Attempt): Promise<Outcome> {
  const identity = await readIdentity(attempt);
  if (!identity.ok) return identity;
  const asked: Asked = { spec, identity, namespace: spec.namespace ?? identity.namespace };
  if (spec.kind === 'endpoints') return countEndpoints(asked, attempt);
  if (spec.name === '') return countPods(asked, attempt);
  const answer = await get(asked, pathOf(asked), attempt);
  return answer.ok ? judgeObject(spec, answer.body) : answer;
}

async function countEndpoints(asked: Asked, attempt: Attempt): Promise<Outcome> {
  const { name, minCount = 1 } = asked.spec;
  const ready = new Set<string>();
  const fault = await eachPage(asked, `kubernetes.io/service-name=${name}`, attempt, (slices) => {
    for (const endpoint of readyEndpoints(slices)) ready.add(endpoint);
  });
  return fault ?? countOutcome(`Service ${name}`, ready.size, minCount);
}

async function countPods(asked: Asked, attempt: Attempt): Promise<Outcome> {
  const { spec } = asked;
  const { labels, condition, minCount = 1 } = spec;
  let ready = 0;
  const fault = await eachPage(asked, labels, attempt, (pods) => {
    ready +=
      condition === undefined ? countReadyPods(pods) : pods.filter((pod) => judgeObject(spec, pod).ok).length;
  });
  return fault ?? countOutcome(`pods with ${labels}`, ready, minCount);
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

/** Reads a list page by page. If a page has expired (410), the next try starts again. */
async function eachPage(
  asked: Asked,
  labels: string,
  attempt: Attempt,
  take: (items: readonly unknown[]) => void,
): Promise<Failure | undefined> {
  let next = '';
  for (let page = 0; page < mostPages; page++) {
    const query = new URLSearchParams({ labelSelector: labels, limit: String(pageSize) });
    if (next !== '') query.set('continue', next);
    const answer = await get(asked, `${pathOf(asked)}?${query}`, attempt);
    if (!answer.ok) return answer;
    take(listAt(answer.body, '/items'));
    next = textAt(answer.body, '/metadata/continue') ?? '';
    if (next === '') return undefined;
  }
  return failure('http-body', `the list of ${asked.spec.plural} does not end`);
}

async function get(
  asked: Asked,
  path: string,
  attempt: Attempt,
): Promise<{ readonly ok: true; readonly body: unknown } | Failure> {
  const answer = await getObject(path, asked.identity, attempt);
  if (!answer.ok || answer.status === 200) return answer;
  const { status, address, body } = answer;
  const message = (textAt(body, '/message') ?? `status ${status}`).slice(0, 300);
  const detail = `${address}: ${message}`;
  if (status === 401) return failure('auth', `${detail} (the token was rejected)`);
  if (status === 403) return { ...failure('denied', detail), permissions: [permissionOf(asked)] };
  if (status === 404) return failure('not-found', detail);
  return { ...failure('http-status', `${address} answers ${status}: ${message}`), httpStatus: status };
}

function permissionOf({ spec, identity, namespace }: Asked): Permission {
  const account = accountOf(identity.token) ?? { namespace: identity.namespace, name: 'default' };
  return permissionFor(spec, namespace, account);
}
