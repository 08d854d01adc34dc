import { dns, dnsA, dnsAaaa, dnsSrv } from './kinds/dns.ts';
import { file } from './kinds/file.ts';
import { grpc, grpcs } from './kinds/grpc.ts';
import { http, https } from './kinds/http.ts';
import { k8s } from './kinds/k8s.ts';
import { redis, rediss } from './kinds/redis.ts';
import { amqp, amqps, kafka, mongodb, mysql, postgres, postgresql } from './kinds/server.ts';
import { tcp, tcp4, tcp6, unix } from './kinds/tcp.ts';
import { tls } from './kinds/tls.ts';
import type { Scheme } from './scheme.ts';

/** Every way to begin a target. */
export const schemes: ReadonlyMap<string, Scheme> = new Map([
  ['tcp', tcp],
  ['tcp4', tcp4],
  ['tcp6', tcp6],
  ['unix', unix],
  ['tls', tls],
  ['http', http],
  ['https', https],
  ['dns', dns],
  ['dns+a', dnsA],
  ['dns+aaaa', dnsAaaa],
  ['dns+srv', dnsSrv],
  ['file', file],
  ['redis', redis],
  ['rediss', rediss],
  ['postgres', postgres],
  ['postgresql', postgresql],
  ['mysql', mysql],
  ['amqp', amqp],
  ['amqps', amqps],
  ['mongodb', mongodb],
  ['kafka', kafka],
  ['grpc', grpc],
  ['grpcs', grpcs],
  ['k8s', k8s],
]);
