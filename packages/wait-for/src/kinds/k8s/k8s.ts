import { isIPv6 } from 'node:net';
import { quote, type Reader, Refusal } from '@pod-patterns/kit';
import { count, optional } from '../../keys/key.ts';
import type { Surroundings } from '../../probe/attempt.ts';
import { isHostName, readPort } from '../../probe/net/place.ts';
import { kind } from '../kind.ts';
import { placeOfApi } from './api.ts';
import { probeK8s } from './probe.ts';
import { readObject } from './read-object.ts';
import { type Condition, isNamespace } from './spec.ts';

/** Kinds that have a number of ready parts. */
const counted: ReadonlySet<string> = new Set(['endpoints', 'pod', 'deployment', 'statefulset']);

const namespace: Reader<string> = {
  expected: 'a namespace name, or nothing for a cluster-scoped kind',
  read: (text) => (text === '' || isNamespace(text) ? text : undefined),
};

const condition: Reader<Condition> = {
  expected: 'a condition such as Ready or Ready=True',
  read: (text) => {
    const match = /^([A-Za-z0-9]([\w./-]*[A-Za-z0-9])?)(?:=(True|False|Unknown))?$/.exec(text);
    return match?.[1] === undefined ? undefined : { type: match[1], status: match[3] ?? 'True' };
  },
};

/** One or several objects of the Kubernetes API, and their required state. */
export const k8s = kind({
  schemes: ['k8s'],
  form: 'KIND/NAME, k8s:pod?l=LABELS or k8s:GROUP/VERSION/PLURAL/NAME',
  ready: {
    'endpoints/NAME': 'the Service has `min` ready endpoints (1)',
    'pod?l=LABELS': '`min` pods with these labels are ready (1)',
    'pod/NAME': 'it is Ready',
    'job/NAME': 'it is Complete',
    'deployment/NAME': 'it is rolled out, or `min` replicas are ready',
    'statefulset/NAME': 'it is rolled out, or `min` replicas are ready',
    'GROUP/VERSION/PLURAL/NAME': 'its condition is true (Ready by default); the core group is `core`',
  },
  keys: {
    ns: optional(namespace, { hint: 'NAMESPACE', note: 'empty for cluster-scoped kinds' }),
    min: optional(count, { hint: 'COUNT' }),
    cond: optional(condition, { hint: 'TYPE[=STATUS]' }),
  },
  read: ({ rest }, keys) => {
    const named = readObject(rest);
    if (typeof named === 'string') return named;
    if (keys.min !== undefined && !counted.has(named.kind)) return `min is for ${[...counted].join(', ')}`;
    if (keys.min !== undefined && keys.cond !== undefined) return 'min and cond exclude each other';
    if (keys.cond !== undefined && named.kind === 'endpoints') return 'endpoints have no conditions';
    return { spec: { ...named, namespace: keys.ns, minCount: keys.min, condition: keys.cond } };
  },
  probe: probeK8s,
  explain: (_, { env }) => ({ places: lacks(env).length === 0 ? [placeOfApi(env)] : [] }),
  lacks,
});

function lacks(env: Surroundings['env']): readonly string[] {
  const host = env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '';
  const unset = Object.entries({ HOST: host, PORT: port }).filter(([, value]) => value === '');
  if (unset.length > 0)
    return unset.map(([name]) => `k8s: KUBERNETES_SERVICE_${name} is not set: not in a cluster`);
  const read = readPort(port);
  return [
    // no URL may have the zone of an address
    ...(isHostName(host) || (isIPv6(host) && !host.includes('%'))
      ? []
      : [`k8s: KUBERNETES_SERVICE_HOST ${quote(host)}: is neither a name nor an address`]),
    ...(read instanceof Refusal ? [`k8s: KUBERNETES_SERVICE_PORT ${quote(port)}: ${read.reason}`] : []),
  ];
}
