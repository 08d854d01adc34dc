import { join } from 'node:path';
import type { Attempt, Surroundings } from '../../probe/attempt.ts';
import { requestHttp } from '../../probe/net/http-request.ts';
import { formatPlace, type Place } from '../../probe/net/place.ts';
import { type Failure, failure, ours } from '../../probe/outcome.ts';
import { isNamespace } from './spec.ts';

/** A page of a list stays far below this; etcd keeps no object of more than 1.5 MiB. */
const maxBodyBytes = 2 * 1024 * 1024;

/** The pod's own identity, as Kubernetes mounts it. */
export interface Identity {
  readonly ok: true;
  readonly token: string;
  readonly namespace: string;
}

/** Reads the token each time: it is rotated about every hour. */
export async function readIdentity({ surroundings }: Attempt): Promise<Identity | Failure> {
  const { files, serviceAccountDir } = surroundings;
  const paths = { token: join(serviceAccountDir, 'token'), namespace: join(serviceAccountDir, 'namespace') };
  const token = await files.readText(paths.token);
  if (typeof token !== 'string') {
    const detail = `no service account token: ${token.detail}`;
    // a file system that hangs or fails may recover
    if (token.reason !== 'missing' && token.reason !== 'denied') return ours(token);
    return {
      ...failure('auth', detail),
      hint: 'Set automountServiceAccountToken: true, or mount a projected token.',
    };
  }
  if (!/^[\x21-\x7e]+$/.test(token.trim())) return odd(paths.token, 'token');
  const read = await files.readText(paths.namespace);
  const namespace = typeof read === 'string' ? read.trim() : 'default';
  if (!isNamespace(namespace)) return odd(paths.namespace, 'namespace name');
  return { ok: true, token: token.trim(), namespace };
}

/** A half written file will be complete in a moment. */
function odd(path: string, what: string): Failure {
  return ours(failure('mismatch', `${path} contains no ${what}`));
}

/** Address of the API, from the environment that Kubernetes sets. */
export function placeOfApi(env: Surroundings['env']): Place {
  return { host: env['KUBERNETES_SERVICE_HOST'] ?? '', port: Number(env['KUBERNETES_SERVICE_PORT']) };
}

/** Answer of the API: an object, or a status other than 200. */
export type Answer =
  | { readonly ok: true; readonly status: number; readonly body: unknown; readonly address: string }
  | Failure;

/** Gets one path of the API. `path` begins with a slash. */
export async function getObject(path: string, { token }: Identity, attempt: Attempt): Promise<Answer> {
  const { env, serviceAccountDir } = attempt.surroundings;
  const answer = await requestHttp(
    {
      url: new URL(`https://${formatPlace(placeOfApi(env))}${path}`),
      method: 'GET',
      headers: [
        { name: 'authorization', value: `Bearer ${token}` },
        { name: 'accept', value: 'application/json' },
      ],
      ca: join(serviceAccountDir, 'ca.crt'),
    },
    attempt,
  );
  if (!answer.ok) return answer;
  using _ = answer;
  const { status, address } = answer;
  const body = await answer.body(maxBodyBytes);
  if (body === undefined) return failure('http-body', `${address}: the answer is longer than 2 MiB`);
  if ('ok' in body) return body;
  try {
    return { ok: true, status, address, body: JSON.parse(body.text) };
  } catch {
    // a gateway in front of the API may answer in words
    if (status !== 200) return { ok: true, status, address, body: undefined };
    return failure('http-body', `${address}: the answer is not JSON`);
  }
}
