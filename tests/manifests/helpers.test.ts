import { describe, expect, it } from 'vitest';
import { startOrder, stopOrder } from '../../packages/pod-review/src/pod/orders.ts';
import type { IContainer } from '../../packages/pod-review/src/pod/types.ts';
import { goldenObjects, goldenPod, goldenPods, type PodManifest } from './manifests.ts';

/** The components of k8s/helpers in workloads of somebody else, as rendered. */

const folder = (name: string) => `tests/manifests/helpers/${name}`;
const before = new Map(goldenPods(folder('workloads')).map((pod) => [pod.name, pod]));
/** In the order of their start. */
const helpers = ['wait-for', 'log-shipper', 'statsd-adaptor', 'redis-ambassador'] as const;
const workloads = [
  ['Deployment', 'web', 'nginx'],
  ['StatefulSet', 'ledger', 'work'],
  ['Job', 'report', 'work'],
  ['CronJob', 'nightly', 'work'],
] as const;

describe.each(workloads)('%s', (kind, name, app) => {
  // only the CronJob has its own init container
  const own = kind === 'CronJob' ? [['prepare']] : [];

  it('starts all four in the reverse order of the list, before the containers of the workload', () => {
    const { spec } = goldenPod(folder('all'), name);
    expect(startOrder(spec)).toEqual([...helpers.map((helper) => [helper]), ...own, [app]]);
    expect(stopOrder(spec)).toEqual([[app], ['redis-ambassador'], ['statsd-adaptor'], ['log-shipper']]);
  });

  it.each(helpers)('gets %s and its volumes, and is otherwise unchanged', (helper) => {
    const after = goldenPod(folder(helper), name);
    expect(after.kind).toBe(kind);
    expect(after.spec.initContainers?.[0]?.name).toBe(helper);
    expect(without(helper, after)).toEqual(before.get(name)?.spec);
  });
});

it('does not change a workload with the annotation skip', () => {
  for (const name of ['all', ...helpers]) {
    expect(goldenPod(folder(name), 'cache').spec).toEqual(before.get('cache')?.spec);
  }
});

it('adds only ConfigMaps beside the workloads, one with the name of the helper', () => {
  const named = ({ kind, metadata }: ReturnType<typeof goldenObjects>[number]) => `${kind} ${metadata.name}`;
  const had = goldenObjects(folder('workloads')).map(named);
  for (const helper of helpers) {
    const added = goldenObjects(folder(helper))
      .map(named)
      .filter((object) => !had.includes(object));
    expect(added).toContainEqual(expect.stringMatching(`^ConfigMap ${helper}-[a-z0-9]{10}$`));
    expect(added.filter((object) => !object.startsWith('ConfigMap '))).toEqual([]);
  }
});

describe.each(helpers)('the container %s is the same', (helper) => {
  const added = find(goldenPod(folder(helper), 'web'), helper);

  it('in k8s/app, completely', () => {
    expect(whole(find(goldenPod('k8s/app', 'web'), helper))).toEqual(whole(added));
  });

  const patterns = {
    'wait-for': ['init', 'myapp'],
    'log-shipper': ['sidecar', 'sidecar'],
    'statsd-adaptor': ['adaptor', 'adaptor'],
    'redis-ambassador': ['ambassador', 'ambassador'],
  } as const;

  it('in its pattern, except for settings and the names of ports and volumes', () => {
    const [pattern, name] = patterns[helper];
    expect(essence(find(goldenPod(`k8s/patterns/${pattern}`, name), helper))).toEqual(essence(added));
  });
});

/** A container with the settings of its pod that apply to all containers. */
function find({ spec }: PodManifest, name: string): IContainer {
  const container = spec.initContainers?.find((candidate) => candidate.name === name);
  if (container === undefined) throw new Error(`there is no ${name}`);
  const { fsGroup: _, fsGroupChangePolicy: __, ...ofPod } = spec.securityContext ?? {};
  return { ...container, securityContext: { ...ofPod, ...container.securityContext } };
}

/** Removes the hash of the settings from the names of ConfigMaps. */
function whole(container: IContainer): object {
  return {
    ...container,
    envFrom: container.envFrom?.map(({ configMapRef }) => configMapRef?.name?.replace(/-[a-z0-9]{10}$/, '')),
    ports: container.ports?.map((port) => ({ protocol: 'TCP', ...port })),
  };
}

function essence({ env: _, envFrom: __, args: ___, ports = [], ...container }: IContainer): object {
  const numbered = (probe: IContainer['startupProbe']) => ({
    ...probe,
    httpGet: {
      ...probe?.httpGet,
      port: ports.find(({ name }) => name === probe?.httpGet?.port)?.containerPort,
    },
  });
  return {
    ...container,
    startupProbe: numbered(container.startupProbe),
    livenessProbe: numbered(container.livenessProbe),
    volumeMounts: container.volumeMounts?.map(({ name: _name, ...mount }) => mount),
  };
}

/** A pod without a helper and the volumes that the helper adds. */
function without(helper: (typeof helpers)[number], { spec }: PodManifest): object {
  const brought: readonly string[] = {
    'wait-for': [],
    'log-shipper': ['logs', 'shipper-state'],
    'statsd-adaptor': ['statsd-mapping'],
    'redis-ambassador': ['redis-password'],
  }[helper];
  const { initContainers = [], ...rest } = spec;
  const own = initContainers.slice(1);
  const containers = spec.containers.map((container) => ({
    ...container,
    volumeMounts: container.volumeMounts?.filter(({ name }) => !brought.includes(name)),
  }));
  const volumes = spec.volumes?.filter(({ name }) => !brought.includes(name));
  return { ...rest, ...(own.length > 0 && { initContainers: own }), containers, volumes };
}
