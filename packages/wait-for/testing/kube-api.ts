import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Certificates } from './certificates.ts';
import { startHttps } from './web-server.ts';

/** An API server on loopback that answers like the real one, and a service account of a pod. */
export interface KubeApi extends AsyncDisposable {
  /** Environment that Kubernetes sets in every container. */
  readonly env: { readonly KUBERNETES_SERVICE_HOST: string; readonly KUBERNETES_SERVICE_PORT: string };
  /** Objects by path; a list by the path of its collection. */
  readonly objects: Map<string, unknown>;
  /** Paths that RBAC forbids. */
  readonly forbidden: Set<string>;
  /** Special responses by path. */
  readonly answers: Map<string, (request: IncomingMessage, response: ServerResponse) => void>;
  readonly requests: Array<{
    readonly path: string;
    readonly query: URLSearchParams;
    readonly token: string;
  }>;
  /** Replaces the token in the folder; the old one is accepted for a while. */
  setToken(token: string): void;
}

type Contents = Pick<KubeApi, 'objects' | 'forbidden' | 'answers' | 'requests'>;

const claims = { sub: 'system:serviceaccount:shop:web' };
const jwt = (id: string) =>
  `e30.${Buffer.from(JSON.stringify({ ...claims, jti: id })).toString('base64url')}.sig`;

/** Starts it, and writes `token`, `ca.crt` and `namespace` (shop) into the folder. */
export async function startKubeApi(certificates: Certificates, serviceAccountDir: string): Promise<KubeApi> {
  const accepted = new Set<string>();
  const setToken = (id: string) => {
    accepted.add(jwt(id));
    writeFileSync(join(serviceAccountDir, 'token'), `${jwt(id)}\n`);
  };
  setToken('first');
  writeFileSync(join(serviceAccountDir, 'ca.crt'), readFileSync(certificates.ca));
  writeFileSync(join(serviceAccountDir, 'namespace'), 'shop');

  const api: Contents = { objects: new Map(), forbidden: new Set(), answers: new Map(), requests: [] };
  const server = await startHttps(
    certificates.issue(`kube-api-${Math.random().toString(36).slice(2)}`),
    (request, response) => reply({ ...api, accepted }, request, response),
  );
  return {
    ...api,
    setToken,
    env: { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(server.port) },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Records a request and answers it like the real server: login, permission, then the object. */
function reply(
  { objects, forbidden, answers, requests, accepted }: Contents & { readonly accepted: ReadonlySet<string> },
  request: IncomingMessage,
  response: ServerResponse,
): unknown {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://kube');
  const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  requests.push({ path: pathname, query: searchParams, token });
  const say = (code: number, body: unknown) =>
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const refuse = (code: number, reason: string, message: string) =>
    say(code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, code });
  if (!accepted.has(token)) return refuse(401, 'Unauthorized', 'Unauthorized');
  const name = pathname.split('/').at(-1);
  if (forbidden.has(pathname)) {
    return refuse(403, 'Forbidden', `"${name}" is forbidden: User "${claims.sub}" cannot get resource`);
  }
  const answer = answers.get(pathname);
  if (answer !== undefined) return answer(request, response);
  const object = objects.get(pathname);
  return object === undefined ? refuse(404, 'NotFound', `"${name}" not found`) : say(200, object);
}
