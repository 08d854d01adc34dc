import { dns, dnsA, dnsAaaa, dnsSrv } from './kinds/dns.ts';
import { file } from './kinds/file.ts';
import { http, https } from './kinds/http.ts';
import { redis, rediss } from './kinds/redis.ts';
import { tcp, tcp4, tcp6, unix } from './kinds/tcp.ts';
import type { Scheme } from './scheme.ts';

/** Every way to begin a target. */
export const schemes: ReadonlyMap<string, Scheme> = new Map([
  ['tcp', tcp],
  ['tcp4', tcp4],
  ['tcp6', tcp6],
  ['unix', unix],
  ['http', http],
  ['https', https],
  ['dns', dns],
  ['dns+a', dnsA],
  ['dns+aaaa', dnsAaaa],
  ['dns+srv', dnsSrv],
  ['file', file],
  ['redis', redis],
  ['rediss', rediss],
]);
