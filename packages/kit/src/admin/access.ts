import { type AdminRoute, methodsOf } from './route.ts';

/** The caller of a request. */
export interface Caller {
  /** The peer's address by the kernel. Headers such as `X-Forwarded-For` are never believed. */
  readonly address: string | undefined;
  readonly method: string;
  /** The header `Sec-Fetch-Site`, which browsers add to each request of a page. */
  readonly origin: string | undefined;
}

export type Verdict = 'answer' | 'not-local' | 'web-page' | 'not-found' | 'not-allowed';

/** Whether a connection comes from the machine's, which is the pod's, own loopback; `kubectl port-forward` does. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:(?:::ffff:)?127(?:\.\d{1,3}){3}|::1)$/i.test(address);
}

/** The verdict on a request. Strangers do not learn which closed paths exist. */
export function judge(
  route: AdminRoute | undefined,
  { address, method, origin }: Caller,
  isOpenToAll: boolean,
): Verdict {
  if (route?.isOpen !== true) {
    if (!isOpenToAll && !isLoopback(address)) return 'not-local';
    // another origin's page in the browser of a user who forwards the port also comes from loopback
    if (origin !== undefined) return 'web-page';
  }
  if (route === undefined) return 'not-found';
  const methods = methodsOf(route);
  return methods === 'any' || methods.includes(method) ? 'answer' : 'not-allowed';
}
