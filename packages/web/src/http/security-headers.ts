import type { HttpResponse } from './exchange.ts';

/** For everything that is no page: nothing may be loaded or run, and nobody may frame it. */
const strictest = "default-src 'none'; frame-ancestors 'none'";

/** For the page: its own stylesheet, script and event stream, nothing inline, no other host. */
export const pagePolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What every answer says. */
export function setSecurityHeaders(res: HttpResponse): void {
  res.setHeader('content-security-policy', strictest);
  res.setHeader('x-content-type-options', 'nosniff');
  res.setHeader('referrer-policy', 'no-referrer');
}
