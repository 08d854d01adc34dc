import type { HttpResponse } from './exchange.ts';

/** Nothing may be loaded or run, and nobody may frame it. */
const strictest = "default-src 'none'; frame-ancestors 'none'";

/** What every answer says. */
export function setSecurityHeaders(res: HttpResponse): void {
  res.setHeader('content-security-policy', strictest);
  res.setHeader('x-content-type-options', 'nosniff');
  res.setHeader('referrer-policy', 'no-referrer');
}
