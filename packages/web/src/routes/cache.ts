import type { Cache } from '../clients/cache.ts';
import type { Handler, HttpRequest } from '../http/exchange.ts';
import { anyBody } from '../http/limits.ts';
import { HttpProblem } from '../http/problem.ts';
import type { Methods } from '../http/resource.ts';

const defaultTtlSeconds = 60;
const maxTtlSeconds = 86_400;

/** `/api/cache/:key`: a body of any type, kept for a time. */
export function cacheResource(cache: Cache): Methods {
  const get: Handler = async (req, res) => {
    const entry = await cache.get(keyOf(req));
    if (entry === undefined) throw new HttpProblem(404, 'nothing is cached under this key');
    // a cached body must not run as a page of this origin
    res.setHeader('content-security-policy', "default-src 'none'; sandbox");
    res.setHeader('content-type', entry.type);
    res.setHeader('cache-control', 'no-store');
    res.setHeader('content-length', entry.body.length);
    res.end(entry.body);
  };
  const put: Handler = async (req, res) => {
    const ttlSeconds = readTtl(req.query['ttl']);
    const type = req.headers['content-type'] || 'application/octet-stream';
    // Express leaves an empty body undefined
    const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    await cache.put(keyOf(req), { type, body }, ttlSeconds);
    res.status(204).end();
  };
  const remove: Handler = async (req, res) => {
    await cache.delete(keyOf(req));
    res.status(204).end();
  };
  return { get: [get], put: [anyBody, put], delete: [remove] };
}

function keyOf(req: HttpRequest): string {
  const key = req.params['key'] ?? '';
  if (key.length > 256 || /[\0-\x1f\x7f]/.test(key)) {
    throw new HttpProblem(400, 'a key has 1 to 256 printable characters', { code: 'cache-key' });
  }
  return key;
}

function readTtl(text: unknown): number {
  if (text === undefined) return defaultTtlSeconds;
  const seconds = typeof text === 'string' && /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= maxTtlSeconds) return seconds;
  throw new HttpProblem(400, `ttl must be 1 to ${maxTtlSeconds} seconds`, { code: 'cache-ttl' });
}
