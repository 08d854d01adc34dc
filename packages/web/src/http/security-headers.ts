import type { HttpResponse } from './exchange.ts';

/** Forbids loading, running and framing. */
const strictest = "default-src 'none'; frame-ancestors 'none'";

/** Headers of every answer. */
export function setSecurityHeaders(res: HttpResponse): void {
  res.setHeader('content-security-policy', strictest);
  res.setHeader('x-content-type-options', 'nosniff');
  res.setHeader('referrer-policy', 'no-referrer');
}
