/**
 * Whether a `Host` header names loopback or an allowed name. Any other may belong to a web page that now points its name
 * at this address (DNS rebinding).
 */
export function isOurHost(host: string | undefined, allowed: readonly string[]): boolean {
  const name = /^(\[[\da-f:.]+\]|[^:]*)(?::\d*)?$/i.exec(host ?? '')?.[1]?.toLowerCase() ?? '';
  const isLoopback = name === '[::1]' || /^(?:.+\.)?localhost$|^127(?:\.\d{1,3}){3}$/.test(name);
  return isLoopback || allowed.some((one) => one.toLowerCase() === name);
}

/** Whether a page of this host sent the request: browsers add `Origin` to everything but plain reads. */
export function isOurOrigin(origin: string | undefined, host: string | undefined): boolean {
  return origin !== undefined && URL.parse(origin)?.host === URL.parse(`http://${host}`)?.host;
}
