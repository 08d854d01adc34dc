import type { Spec } from '../target/target.ts';
import type { Attempt, Probe } from './attempt.ts';
import type { Outcome } from './outcome.ts';
import { probeTcp, probeUnix } from './tcp.ts';

type SpecOf<Type extends Spec['type']> = Extract<Spec, { type: Type }>;

/**
 * The probe of each kind. All but the plainest are loaded when they are first needed: what Node has to load
 * for TLS, HTTP or gRPC would else be paid at every start.
 */
const loaders: { readonly [Type in Spec['type']]: () => Promise<Probe<SpecOf<Type>>> } = {
  tcp: async () => probeTcp,
  unix: async () => probeUnix,
  http: async () => (await import('./http.ts')).probeHttp,
  dns: async () => (await import('./dns.ts')).probeDns,
  file: async () => (await import('./file.ts')).probeFile,
  redis: async () => (await import('./redis.ts')).probeRedis,
};

/** Asks what `spec` names, once. */
export async function probe(spec: Spec, attempt: Attempt): Promise<Outcome> {
  // the loader of a type makes the probe for the specs of that type
  const load = loaders[spec.type] as () => Promise<Probe<Spec>>;
  return (await load())(spec, attempt);
}
