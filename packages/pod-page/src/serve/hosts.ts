/**
 * Whether a `Host` header names loopback, or a name that was allowed. Any other may be a name of somebody's whose
 * address has become ours since a browser opened its page (DNS rebinding).
 */
export function isOurHost(host: string | undefined, allowed: readonly string[]): boolean {
  const name = /^(\[[\da-f:.]+\]|[^:]*)(?::\d*)?$/i.exec(host ?? '')?.[1]?.toLowerCase() ?? '';
  const isLoopback = name === '[::1]' || /^(?:.+\.)?localhost$|^127(?:\.\d{1,3}){3}$/.test(name);
  return isLoopback || allowed.some((one) => one.toLowerCase() === name);
}

/** Whether a page of this same host has sent the request, as browsers say with everything but plain reading. */
export function isOurOrigin(origin: string | undefined, host: string | undefined): boolean {
  return origin !== undefined && URL.parse(origin)?.host === URL.parse(`http://${host}`)?.host;
}
