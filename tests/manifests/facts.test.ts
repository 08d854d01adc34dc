import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { preStopSeconds } from '../../packages/pod-review/src/pod/durations.ts';
import { gracePeriodSeconds, startOrder, stopOrder } from '../../packages/pod-review/src/pod/orders.ts';
import type { IContainer } from '../../packages/pod-review/src/pod/types.ts';
import { parseQuantity, roundUp } from '../../packages/pod-review/src/strict/api/quantity.ts';
import { helped, kustomizations } from './kustomizations.ts';
import { containersOf, dataOf, goldenObjects, goldenPod, goldenPods } from './manifests.ts';
import { configOf, drainSeconds, ourName } from './our-programs.ts';

const root = join(import.meta.dirname, '../..');
const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const pods = [...kustomizations, ...helped].flatMap((folder) =>
  goldenPods(folder).map((pod) => ({ pod, title: `${folder} ${pod.kind} ${pod.name}` })),
);
const ours = pods.flatMap(({ pod, title }) =>
  containersOf(pod)
    .filter(({ container }) => ourName(container) !== undefined)
    .map(({ container }) => ({ pod, container, title: `${title}: ${container.name}` })),
);

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

function bytes(amount: string | number = 0): number {
  const quantity = parseQuantity(amount);
  return quantity === undefined ? Number.NaN : roundUp(quantity, 0);
}

/** Longest time from the last good answer of a hung container to SIGKILL, in seconds. */
function replacedSeconds({ livenessProbe, lifecycle }: IContainer): number {
  if (livenessProbe === undefined) return Number.POSITIVE_INFINITY;
  const { periodSeconds = 10, timeoutSeconds = 1, failureThreshold = 3 } = livenessProbe;
  const { terminationGracePeriodSeconds = Number.POSITIVE_INFINITY } = livenessProbe;
  // a hook may use up the grace period; the kubelet then waits another 2 s
  const afterHook = lifecycle?.preStop === undefined ? 0 : 2;
  return periodSeconds * failureThreshold + timeoutSeconds + terminationGracePeriodSeconds + afterHook;
}

describe.each(kustomizations)('%s', (folder) => {
  const objects = goldenObjects(folder);
  const namespace = folder.startsWith('k8s/patterns/') ? `pattern-${folder.split('/')[2]}` : 'pod-patterns';

  it('puts everything in its own namespace', () => {
    const outside = objects.filter(
      ({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== namespace,
    );
    expect(outside).toEqual([]);
  });

  it('enforces Pod Security restricted in the namespace that it creates', () => {
    const made = objects.filter(({ kind }) => kind === 'Namespace');
    // a backend has no namespace object: it runs in that of the app
    expect(made.map(({ metadata }) => metadata.name)).toEqual(
      folder.startsWith('k8s/backends/') ? [] : [namespace],
    );
    for (const { metadata } of made) {
      expect(metadata.labels).toMatchObject({
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/enforce-version': 'v1.33',
      });
    }
  });
});

describe('the app', () => {
  const web = goldenPod('k8s/app', 'web');
  const started = [['wait-for'], ['log-shipper'], ['statsd-adaptor'], ['redis-ambassador'], ['web']];
  const stopped = [['web'], ['redis-ambassador'], ['statsd-adaptor'], ['log-shipper']];

  it.each(kustomizations.filter((folder) => !/^k8s\/(patterns|backends)\//.test(folder)))(
    'starts web last and stops it first: %s',
    (folder) => {
      const { spec } = goldenPod(folder, 'web');
      // pod-page: not for production
      const isShown = !/app|production/.test(folder);
      const page = isShown ? [['pod-page']] : [];
      expect(startOrder(spec)).toEqual([...started.slice(0, -1), ...page, ...started.slice(-1)]);
      expect(stopOrder(spec)).toEqual([...stopped.slice(0, 1), ...page, ...stopped.slice(1)]);
    },
  );

  it('spreads the pods of one revision, and stops an old pod only after a new one was ready for 10 s', () => {
    const deployment = goldenObjects('k8s/app').find(({ kind }) => kind === 'Deployment');
    expect(deployment?.spec).toMatchObject({ minReadySeconds: 10 });
    const { topologySpreadConstraints = [] } = web.spec;
    expect(topologySpreadConstraints.length).toBe(2);
    for (const { matchLabelKeys } of topologySpreadConstraints) {
      expect(matchLabelKeys).toEqual(['pod-template-hash']);
    }
  });

  it('takes the settings of each container from a ConfigMap with its name', () => {
    for (const { container } of containersOf(web)) {
      const name = container.envFrom?.[0]?.configMapRef?.name ?? '';
      expect(name).toMatch(new RegExp(`^${container.name}-[a-z0-9]{10}$`));
      expect(dataOf(web, 'ConfigMap', name).size).toBeGreaterThan(0);
    }
  });

  it('ships to stdout and reaches Redis by its name, with the password from a file', async () => {
    const [shipper, ambassador] = ['log-shipper', 'redis-ambassador'].map((name) => {
      const found = containersOf(web).find(({ container }) => container.name === name);
      return dataOf(web, 'ConfigMap', found?.container.envFrom?.[0]?.configMapRef?.name ?? '');
    });
    expect(shipper?.get('SINK_URL')).toBe('stdout:');
    expect(ambassador?.get('UPSTREAM')).toBe('redis://app@redis.pod-patterns.svc:6379');
    expect(ambassador?.get('UPSTREAM_PASSWORD_FILE')).toBe('/run/secrets/redis/password');
    expect(web.spec.volumes).toContainEqual(
      expect.objectContaining({ secret: expect.objectContaining({ secretName: 'redis' }) }),
    );
  });
});

describe('rate-limit', () => {
  it('keeps web for longer than nginx sleeps and drains', () => {
    const pod = goldenPod('k8s/patterns/rate-limit', 'rate-limit');
    const [nginx, web] = containersOf(pod).map(({ container: spec }) => preStopSeconds({ spec }));
    const config = dataOf(pod, 'ConfigMap', pod.spec.volumes?.[0]?.configMap?.name ?? '').get('nginx.conf');
    const drain = Number(/worker_shutdown_timeout (\d+)s;/.exec(config ?? '')?.[1]);
    expect(nginx).toBeGreaterThan(0);
    expect(web).toBeGreaterThan((nginx ?? 0) + drain);
  });
});

/** Source of a file of a ConfigMap: groups of servers have their own users. */
function backendOf(config: ReadonlyMap<string, string>, name: string): string {
  if (name !== 'users.acl') return 'backends/redis';
  if (config.has('sentinel.sh')) return 'backends/redis-sentinel';
  return config.has('cluster.sh') ? 'backends/redis-cluster' : 'backends/redis';
}

describe('the users of Redis', () => {
  const file = (name: string) => readFileSync(join(root, 'k8s', name), 'utf8');
  const shared = ['reload.sh', 'users.acl', 'users.sh'];

  it.each(shared)('are the same in the ambassador pattern: %s', (name) => {
    expect(file(`patterns/ambassador/${name}`)).toBe(file(`backends/redis/${name}`));
  });

  it.each(pods.filter(({ pod }) => pod.name === 'redis'))('are mounted: $title', ({ pod }) => {
    const volume = pod.spec.volumes?.find(({ name }) => name === 'config');
    const config = dataOf(pod, 'ConfigMap', volume?.configMap?.name ?? '');
    for (const name of shared)
      expect(config.get(name), name).toBe(file(`${backendOf(config, name)}/${name}`));
  });

  it.each([
    ['redis-sentinel', '+role'],
    ['redis-cluster', '+cluster|slots'],
  ])(
    'in %s may do the same as with one Redis, and the ambassador may also ask for the topology: %s',
    (backend, more) => {
      const userOf = (folder: string) => /^user app .*/m.exec(file(`backends/${folder}/users.acl`))?.[0];
      expect(userOf(backend)).toBe(`${userOf('redis')} ${more}`);
    },
  );

  it.each(ours.filter(({ container }) => container.name === 'redis-ambassador'))(
    'log in with a password from a file: $title',
    async ({ pod, container }) => {
      const parsed = await configOf(pod, container);
      expect(parsed).toMatchObject({
        config: {
          upstream: { reach: { user: 'app', password: undefined } },
          upstreamPasswordFile: expect.any(String),
        },
      });
    },
  );

  it('are the ones in the example of the README, which adds one', () => {
    const shown = file('backends/redis/README.md').split('\n');
    const users = file('backends/redis/users.acl')
      .split('\n')
      .filter((line) => line.startsWith('user '));
    expect(shown).toEqual(expect.arrayContaining(users));
  });

  it('have no password in what is committed', () => {
    const files = ['redis/users', 'redis-sentinel/users', 'redis-sentinel/sentinel', 'redis-cluster/users'];
    for (const name of files) expect(file(`backends/${name}.acl`)).not.toMatch(/[>#][^ \n]+$/m);
  });
});

it('labels have the version of the images', () => {
  const labelled = kustomizations
    .flatMap(goldenObjects)
    .flatMap(({ metadata }) => metadata.labels?.['app.kubernetes.io/version'] ?? []);
  expect(new Set(labelled)).toEqual(new Set([version]));
});

describe.each(pods)('$title', ({ pod }) => {
  it('has unique port names, because the API server warns about duplicates', () => {
    const names = containersOf(pod).flatMap(({ container }) =>
      (container.ports ?? []).map(({ name }) => name),
    );
    expect(names).toEqual([...new Set(names)]);
    expect(names).not.toContain(undefined);
  });

  it('has a startup probe on every sidecar that others need, so that they never meet a closed port', () => {
    for (const { container, isSidecar } of containersOf(pod)) {
      // no container waits for pod-page
      if (isSidecar && container.name !== 'pod-page')
        expect(container.startupProbe, container.name).toBeDefined();
    }
  });

  it('replaces a sidecar that hangs within 25 s, and never gives it the grace period of the pod', () => {
    for (const { container, isSidecar } of containersOf(pod)) {
      const { livenessProbe } = container;
      if (isSidecar) expect(replacedSeconds(container), container.name).toBeLessThanOrEqual(25);
      if (livenessProbe) expect(livenessProbe.terminationGracePeriodSeconds, container.name).toBe(5);
    }
  });

  it('requests as much disk as its volumes may use', () => {
    const volumes = (pod.spec.volumes ?? []).map(({ emptyDir }) =>
      emptyDir?.medium === 'Memory' ? 0 : bytes(emptyDir?.sizeLimit),
    );
    // an init container has ended when the others fill the volumes
    const requests = containersOf(pod).map(({ container, isInit }) =>
      isInit ? 0 : bytes(container.resources?.requests?.['ephemeral-storage']),
    );
    expect(sum(requests)).toBeGreaterThanOrEqual(sum(volumes));
  });

  it('uses images that are already on the node, with a version tag', () => {
    for (const { container } of containersOf(pod)) {
      expect(container.imagePullPolicy, container.name).toBe('IfNotPresent');
      const tag =
        ourName(container) === undefined
          ? /:\d+(\.\d+)*$/
          : new RegExp(`:${version.replaceAll('.', '\\.')}$`);
      expect(container.image, container.name).toMatch(tag);
    }
  });

  it('has a grace period for the preStop sleep, every drain in turn, and 5 s to spare', async () => {
    const drains = containersOf(pod).map(async ({ container, isInit }) =>
      isInit ? 0 : await drainSeconds(pod, container),
    );
    const pauses = containersOf(pod).map(({ container: spec }) => preStopSeconds({ spec }));
    const needed = Math.max(...pauses) + sum(await Promise.all(drains));
    expect(gracePeriodSeconds(pod.spec)).toBeGreaterThanOrEqual(needed + 5);
  });
});

describe.each(ours)('$title', ({ pod, container }) => {
  it('has only options that the program accepts', async () => {
    expect(await configOf(pod, container)).toMatchObject({ ok: true });
  });
});
