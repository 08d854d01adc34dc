import { hash } from 'node:crypto';
import type { Handler } from '../http/exchange.ts';
import type { Methods } from '../http/resource.ts';

/** A file of the page, checked for changes at every use: two versions of a rollout must not mix for long. */
export function assetResource(type: string, text: string): Methods {
  const body = Buffer.from(text);
  const etag = `"${hash('sha256', body, 'base64url').slice(0, 22)}"`;
  const send: Handler = (req, res) => {
    res.setHeader('etag', etag);
    res.setHeader('cache-control', 'no-cache');
    if (req.headers['if-none-match'] === etag) return res.status(304).end();
    res.setHeader('content-type', type);
    res.setHeader('content-length', body.length);
    return res.end(body);
  };
  return { get: [send] };
}
