import { type AdminRoute, methodsOf } from './route.ts';

/** What is known of who asks. */
export interface Caller {
  /** Of the connection, by the kernel. What headers such as `X-Forwarded-For` say is never believed. */
  readonly address: string | undefined;
  readonly method: string;
  /** The header that browsers send with what a page of theirs asks for. */
  readonly origin: string | undefined;
}

export type Verdict = 'answer' | 'not-local' | 'web-page' | 'not-found' | 'not-allowed';

/** Whether a connection comes from the machine's, which is the pod's, own loopback; `kubectl port-forward` does. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:(?:::ffff:)?127(?:\.\d{1,3}){3}|::1)$/i.test(address);
}

/** What becomes of a request. A stranger is not told which closed paths there are. */
export function judge(
  route: AdminRoute | undefined,
  { address, method, origin }: Caller,
  isOpenToAll: boolean,
): Verdict {
  if (route?.isOpen !== true) {
    if (!isOpenToAll && !isLoopback(address)) return 'not-local';
    // a page from elsewhere in the browser of a person who has forwarded the port is a stranger on loopback
    if (origin !== undefined) return 'web-page';
  }
  if (route === undefined) return 'not-found';
  const methods = methodsOf(route);
  return methods === 'any' || methods.includes(method) ? 'answer' : 'not-allowed';
}
