import { expect, it } from 'vitest';
import { container, type Data, documents, sidecar, web, workload } from '../../testing/manifests.ts';
import { findingsOf, testRule } from '../../testing/rule-table.ts';
import { review } from '../review.ts';
import { helperNotNativeSidecar } from './helper-not-native-sidecar.ts';

const shipper = container('shipper', 'fluent/fluent-bit:3.1');

const work = (command: string, more: Data = {}) =>
  container('work', 'registry.example.com/work:1', { command: ['sh', '-c', command], ...more });
const proxy = container('proxy', 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1', {
  args: ['--admin-port=9091', '--quitquitquit', 'p:r:i'],
});
const job = (spec: Data) => workload({ restartPolicy: 'Never', ...spec }, { kind: 'Job' });
const ended = (how: string) => ({ severity: 'warning', message: expect.stringContaining(how) }) as const;

testRule(helperNotNativeSidecar, {
  fires: [
    [
      'a proxy with a quit endpoint that nothing calls',
      job({ containers: [work('run'), proxy] }),
      { severity: 'error', message: expect.stringContaining('never completes') },
    ],
    [
      'a proxy that the main container ends, with a patch',
      job({ containers: [work('run; curl -X POST localhost:9091/quitquitquit'), proxy] }),
      {
        ...ended('work ends it (/quitquitquit)'),
        fix: expect.stringContaining(
          '[{"op":"test","path":"/spec/template/spec/containers/1/name","value":"proxy"},{"op":"add","path":"/spec/template/spec/initContainers","value":[]},{"op":"add","path":"/spec/template/spec/containers/1/restartPolicy","value":"Always"},{"op":"move","from":"/spec/template/spec/containers/1","path":"/spec/template/spec/initContainers/-"}]',
        ),
      },
    ],
    [
      'Dapr that the main container shuts down',
      job({
        containers: [
          work('run; wget -qO- --post-data= http://localhost:3500/v1.0/shutdown'),
          container('daprd', 'daprio/daprd:1.14'),
        ],
      }),
      ended('work ends it (/v1.0/shutdown)'),
    ],
    [
      'a proxy that the main container kills',
      job({ shareProcessNamespace: true, containers: [work('run; pkill cloud-sql-proxy'), proxy] }),
      ended('work kills it (shareProcessNamespace)'),
    ],
    [
      'a proxy that the main container cannot kill without shareProcessNamespace',
      job({ containers: [work('run; pkill cloud-sql-proxy'), proxy] }),
      { severity: 'error' },
    ],
    [
      'a proxy that a controller ends',
      job({
        containers: [work('run'), proxy, container('controller', 'registry.example.com/pod-controller:1')],
      }),
      ended('controller ends it'),
    ],
    [
      'a proxy that a container with access to the API ends',
      job({
        containers: [
          work('run'),
          proxy,
          container('supervisor', 'bitnami/kubectl:1.33', {
            command: ['sh', '-c', 'kubectl wait pod/x; kubectl exec x -c proxy -- kill 1'],
          }),
        ],
      }),
      ended('supervisor ends it'),
    ],
    [
      'a shipper that waits for a file of the main container',
      job({
        containers: [
          work('run; touch /shared/done'),
          container('shipper', 'fluent/fluent-bit:3.1', {
            command: ['sh', '-c', 'fluent-bit & while [ ! -f /shared/done ]; do sleep 1; done; kill %1'],
          }),
        ],
      }),
      ended('it waits for /shared/done from work'),
    ],
    [
      'a proxy that a script from a ConfigMap ends',
      [
        job({
          containers: [
            container('work', 'registry.example.com/work:1', {
              command: ['/scripts/run.sh'],
              volumeMounts: [{ name: 's', mountPath: '/scripts' }],
            }),
            proxy,
          ],
          volumes: [{ name: 's', configMap: { name: 's' } }],
        }),
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 's' },
          data: { 'run.sh': 'trap "curl -XPOST localhost:9091/quitquitquit" EXIT\nrun\n' },
        },
      ],
      ended('work ends it'),
    ],
    [
      'a tool that follows a log forever',
      job({
        containers: [work('run'), container('logs', 'busybox:1.37', { command: ['tail', '-F', '/log/a'] })],
      }),
      { severity: 'error' },
    ],
    [
      'a log shipper among the containers',
      workload({ containers: [web, shipper] }),
      { container: 'shipper' },
    ],
    [
      'a proxy among the containers',
      workload({ containers: [web, container('proxy', 'envoyproxy/envoy:v1.32.0')] }),
      { container: 'proxy' },
    ],
    [
      'an exporter beside a database',
      workload({
        containers: [
          container('db', 'postgres:16'),
          container('exporter', 'prometheuscommunity/postgres-exporter:v0.15.0'),
        ],
      }),
    ],
    [
      'a helper in a Job that it keeps from completing',
      workload(
        { restartPolicy: 'Never', containers: [container('work', 'example.com/w:1'), shipper] },
        { kind: 'Job' },
      ),
      { severity: 'error', message: expect.stringContaining('never completes') },
    ],
    [
      'a helper in a CronJob',
      workload(
        { restartPolicy: 'OnFailure', containers: [container('work', 'example.com/w:1'), shipper] },
        { kind: 'CronJob' },
      ),
      { severity: 'error' },
    ],
    [
      'a helper in a Pod that should complete',
      workload(
        { restartPolicy: 'Never', containers: [container('work', 'example.com/w:1'), shipper] },
        { kind: 'Pod' },
      ),
      { severity: 'error' },
    ],
  ],
  passes: [
    [
      'the placeholder of Istio’s injection',
      workload({ containers: [web, container('istio-proxy', 'auto')] }),
    ],
    [
      'a helper that fetches once',
      job({
        containers: [
          work('run'),
          container('git-sync', 'registry.k8s.io/git-sync/git-sync:v4.4.0', { args: ['--one-time'] }),
        ],
      }),
    ],
    [
      'a tool whose script ends',
      job({
        containers: [
          work('run'),
          container('upload', 'amazon/aws-cli:2', { command: ['aws', 's3', 'sync', '/a', 's3://b'] }),
        ],
      }),
    ],
    [
      'a native sidecar',
      workload({ containers: [web], initContainers: [sidecar('shipper', 'fluent/fluent-bit:3.1')] }),
    ],
    [
      'a native sidecar in a Job',
      workload(
        {
          restartPolicy: 'Never',
          containers: [container('work', 'example.com/w:1')],
          initContainers: [sidecar('shipper', 'fluent/fluent-bit:3.1')],
        },
        { kind: 'Job' },
      ),
    ],
    ['a proxy alone in its pod', workload({ containers: [container('envoy', 'envoyproxy/envoy:v1.32.0')] })],
  ],
});

it('prints a patch that resolves the finding', () => {
  const manifest = job({
    containers: [work('run'), proxy],
    initContainers: [container('wait', 'busybox:1.37', { command: ['true'] })],
  });
  const [finding] = findingsOf(helperNotNativeSidecar, manifest);
  const patched = applied(JSON.parse(/\[\{.*\}\]$/.exec(finding?.fix ?? '')?.[0] ?? '[]'), manifest);
  expect(findingsOf(helperNotNativeSidecar, patched)).toEqual([]);
  const [{ pod } = {}] = review([{ name: 'x.yaml', text: documents([patched]) }]).pods;
  expect(pod?.containers.map(({ name, form }) => [name, form])).toEqual([
    ['wait', 'init'],
    ['proxy', 'native-sidecar'],
    ['work', 'app'],
  ]);
});

interface Step {
  readonly op: 'test' | 'add' | 'move';
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** Applies the JSON patch operations that the rule uses. */
function applied(steps: readonly Step[], manifest: Data): Data {
  const result = structuredClone(manifest);
  for (const { op, path, from, value } of steps) {
    if (op === 'test') expect(at(result, path)).toEqual(value);
    else put(result, path, from === undefined ? value : take(result, from));
  }
  return result;
}

type Node = Record<string, unknown>;

const keysOf = (path: string) => path.split('/').slice(1);
const at = (value: unknown, path: string) =>
  keysOf(path).reduce<unknown>((inner, key) => (inner as Node)[key], value); // the patch was made from it

function put(value: unknown, path: string, what: unknown): void {
  const key = keysOf(path).at(-1) ?? '';
  const parent = at(value, path.slice(0, -key.length - 1));
  if (Array.isArray(parent)) parent.push(what);
  else (parent as Node)[key] = what; // likewise
}

function take(value: unknown, path: string): unknown {
  const taken = at(value, path);
  const key = keysOf(path).at(-1) ?? '';
  (at(value, path.slice(0, -key.length - 1)) as unknown[]).splice(Number(key), 1); // a list of containers
  return taken;
}
