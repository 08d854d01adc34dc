import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { container, documents, sidecar, workload } from '../testing/manifests.ts';
import { drawPods } from './picture/draw-pods.ts';
import { report } from './report/report.ts';
import { review } from './review.ts';

/** Reviews a text and writes it in every format; it must not throw. */
function survives(text: string): void {
  const files = [{ name: 'x.yaml', text }];
  const reviewed = review(files);
  for (const format of ['text', 'json', 'sarif', 'github'])
    report(reviewed, { format, hasColour: true, version: '0' });
  for (const format of ['svg', 'mermaid'] as const) drawPods(files, { format, version: '1.33' });
  for (const { line, column } of reviewed.findings) expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
}

it('any text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), survives), { numRuns: 200 });
});

it('any text of YAML’s own marks', () => {
  const marks = fc.constantFrom(
    'a',
    ': ',
    '- ',
    '\n',
    '  ',
    '{',
    '}',
    '[',
    ']',
    '&a ',
    '*a',
    '|\n',
    '"',
    "'",
    '#',
    '---\n',
    '!!map ',
    '<<: ',
    '\t',
    '{{',
    '%',
    '? ',
  );
  fc.assert(
    fc.property(
      fc.array(marks, { maxLength: 40 }).map((parts) => parts.join('')),
      survives,
    ),
    { numRuns: 500 },
  );
});

it('any value in any place of a manifest', () => {
  const spec = {
    containers: [
      container('web', 'nginx:1.27', {
        ports: [{ containerPort: 80 }],
        env: [{ name: 'A', value: 'b' }],
        livenessProbe: { httpGet: { port: 80 } },
        resources: { requests: { cpu: 1 } },
        volumeMounts: [{ name: 'v', mountPath: '/v' }],
        securityContext: { capabilities: { drop: ['ALL'] } },
        lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } },
      }),
    ],
    initContainers: [
      sidecar('proxy', 'envoy:1', { startupProbe: { exec: { command: ['x'] } } }),
      container('wait', 'busybox:1', { command: ['sh', '-c', 'until x; do y; done'] }),
    ],
    volumes: [{ name: 'v', emptyDir: { sizeLimit: '1Mi' } }],
    topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'a', whenUnsatisfiable: 'ScheduleAnyway' }],
  };
  const objects = ['Pod', 'Deployment', 'StatefulSet', 'CronJob'].map((kind) =>
    workload(spec, { kind, annotations: { 'pod-review/ignore': 'x: y', 'prometheus.io/scrape': 'true' } }),
  );
  const others = [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'x' },
      spec: { selector: { app: 'app' }, ports: [{ port: 80, targetPort: 'http' }] },
    },
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'x' },
      spec: {
        scaleTargetRef: { kind: 'Deployment', name: 'app' },
        maxReplicas: 3,
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target: {} } }],
      },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'x' },
      spec: { podSelector: {}, ingress: [{ ports: [{ port: 1 }] }] },
    },
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'x' },
      spec: { replicas: 2, template: { metadata: { labels: { app: 'app' } }, spec } },
    },
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'x', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    },
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PodMonitor',
      metadata: { name: 'x' },
      spec: { selector: {}, podMetricsEndpoints: [{ port: 'metrics' }] },
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'x' },
      roleRef: { kind: 'Role', name: 'r' },
      subjects: [{ kind: 'ServiceAccount', name: 'x' }],
    },
  ];
  const all = [...objects, ...others];
  const places = pathsOf(all);
  const junk = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>(
      null,
      '',
      0,
      -1,
      [],
      {},
      [null],
      { a: null },
      true,
      'x'.repeat(300),
      Number.MAX_VALUE,
      '__proto__',
      { __proto__: 1, constructor: 2 },
    ),
  );
  fc.assert(
    fc.property(fc.constantFrom(...places), junk, (path, value) => {
      const changed: unknown = structuredClone(all);
      put(changed, path, value);
      survives((changed as unknown[]).map((object) => stringify(object)).join('---\n')); // a list, as it was cloned from one
    }),
    { numRuns: 60 },
  );
});

it('keys that every JavaScript object has', () => {
  survives(
    'apiVersion: v1\nkind: Pod\nmetadata: {name: x, labels: {constructor: a, __proto__: b, toString: c}}\nspec: {__proto__: {}, constructor: 1, containers: [{name: a, image: b, hasOwnProperty: 1}]}\n',
  );
  survives(documents([{ apiVersion: 'constructor', kind: '__proto__' }]));
});

type Steps = readonly (string | number)[];

function pathsOf(value: unknown, path: Steps = []): Steps[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, item]) =>
    pathsOf(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return path.length === 0 ? inner : [path, ...inner];
}

function put(value: unknown, path: Steps, replacement: unknown): void {
  const last = path.at(-1) ?? 0;
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((inner, step) => (inner as Record<string | number, unknown>)[step], value); // the path was read from it
  (parent as Record<string | number, unknown>)[last] = replacement; // likewise
}
