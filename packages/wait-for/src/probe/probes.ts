import type { Spec } from '../target/target.ts';
import { probeAmqp } from './amqp.ts';
import type { Attempt, Probe } from './attempt.ts';
import { probeDns } from './dns.ts';
import { probeFile } from './file.ts';
import { probeGrpc } from './grpc.ts';
import { probeHttp } from './http.ts';
import { probeK8s } from './k8s/k8s.ts';
import { probeKafka } from './kafka.ts';
import { probeMongodb } from './mongodb.ts';
import { probeMysql } from './mysql.ts';
import type { Outcome } from './outcome.ts';
import { probePostgres } from './postgres.ts';
import { probeRedis } from './redis.ts';
import { probeTcp, probeUnix } from './tcp.ts';
import { probeTls } from './tls.ts';

type SpecOf<Type extends Spec['type']> = Extract<Spec, { type: Type }>;

/** The probe of each kind. What of Node only some need (TLS, HTTP, DNS) they import when they are used. */
const probes: { readonly [Type in Spec['type']]: Probe<SpecOf<Type>> } = {
  tcp: probeTcp,
  unix: probeUnix,
  tls: probeTls,
  http: probeHttp,
  dns: probeDns,
  file: probeFile,
  redis: probeRedis,
  postgres: probePostgres,
  mysql: probeMysql,
  amqp: probeAmqp,
  mongodb: probeMongodb,
  kafka: probeKafka,
  grpc: probeGrpc,
  k8s: probeK8s,
};

/** Asks what `spec` names, once. */
export function probe(spec: Spec, attempt: Attempt): Promise<Outcome> {
  // the probe of a type takes the specs of that type
  return (probes[spec.type] as Probe<Spec>)(spec, attempt);
}
