import { describe, expect, it } from 'vitest';
import { kustomizations } from './kustomizations.ts';
import { containersOf, goldenObjects, goldenPod } from './manifests.ts';

/** Facts about what overlays add to the app or leave out. */

describe.each(kustomizations)('%s', (folder) => {
  it('sets the number of replicas, unless an autoscaler does', () => {
    const objects = goldenObjects(folder);
    const scaled = objects.flatMap(({ kind, spec }) => {
      // of this kind, only what is read here
      const { scaleTargetRef } = (spec ?? {}) as { scaleTargetRef?: { kind: string; name: string } };
      return kind === 'HorizontalPodAutoscaler' ? `${scaleTargetRef?.kind}/${scaleTargetRef?.name}` : [];
    });
    for (const { kind, metadata, spec } of objects) {
      if (!['Deployment', 'StatefulSet'].includes(kind)) continue;
      const isLeftOut = folder === 'k8s/app' || scaled.includes(`${kind}/${metadata.name}`);
      expect(Object.keys(spec ?? {}).includes('replicas'), metadata.name).toBe(!isLeftOut);
    }
  });
});

it.each(['k8s/overlays/kind', 'k8s/overlays/production-plain', 'k8s/examples/ingress'])(
  'needs no kind that a plain cluster lacks: %s',
  (folder) => {
    const groups = goldenObjects(folder).map(({ apiVersion }) => apiVersion.split('/')[0] ?? '');
    const plain = ['v1', 'apps', 'autoscaling', 'policy', 'networking.k8s.io'];
    expect(groups.filter((group) => !plain.includes(group))).toEqual([]);
  },
);

describe('kind-sentinel and kind-cluster', () => {
  const ofApp = (folder: string) =>
    goldenObjects(folder).filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] !== 'redis');

  it.each(['k8s/overlays/kind-sentinel', 'k8s/overlays/kind-cluster'])(
    'change one line of the application, and need no storage class: %s',
    (folder) => {
      const settings = (of: string) =>
        ofApp(of).filter(
          ({ kind, metadata: { name } }) => kind === 'ConfigMap' && !name.startsWith('redis-places'),
        );
      const before = settings('k8s/overlays/kind').flatMap(({ data }) => Object.entries(data ?? {}));
      const lines = new Set(before.map(([key, text]) => `${key}=${text}`));
      const changed = settings(folder)
        .filter(({ metadata: { name } }) => !/^redis-[^a]/.test(name))
        .flatMap(({ data }) => Object.entries(data ?? {}))
        .filter(([key, text]) => !lines.has(`${key}=${text}`));
      expect(changed.map(([key]) => key)).toEqual(['UPSTREAM']);
      for (const { kind, spec } of goldenObjects(folder)) {
        if (kind === 'StatefulSet') expect(spec).not.toHaveProperty('volumeClaimTemplates');
      }
    },
  );
});

describe('kind', () => {
  const objects = goldenObjects('k8s/overlays/kind');

  it('runs one replica and needs no storage class', () => {
    expect(objects.find(({ kind }) => kind === 'Deployment')?.spec).toMatchObject({ replicas: 1 });
    expect(objects.find(({ kind }) => kind === 'StatefulSet')?.spec).not.toHaveProperty(
      'volumeClaimTemplates',
    );
  });
});

describe('production', () => {
  const objects = goldenObjects('k8s/overlays/production');
  const web = goldenPod('k8s/overlays/production', 'web');
  const specOf = (kind: string, name: string) =>
    objects.find((object) => object.kind === kind && object.metadata.name === name)?.spec;
  const portNumber = (name: string) =>
    containersOf(web)
      .flatMap(({ container }) => container.ports ?? [])
      .find((port) => port.name === name)?.containerPort;

  it('scrapes the metrics of every container that keeps running, and admits Prometheus to them', () => {
    // of these two kinds, only what is read here
    const monitor = specOf('PodMonitor', 'web') as { podMetricsEndpoints: ReadonlyArray<{ port: string }> };
    const policy = specOf('NetworkPolicy', 'web') as {
      ingress: ReadonlyArray<{ from?: unknown; ports: ReadonlyArray<{ port: number }> }>;
    };
    const scraped = monitor.podMetricsEndpoints.map(({ port }) => portNumber(port));
    const admitted = policy.ingress.filter(({ from }) => from !== undefined).flatMap(({ ports }) => ports);
    expect(scraped.sort()).toEqual([8081, 9101, 9102, 9103]);
    expect(admitted.map(({ port }) => port)).toEqual(scraped);
    expect(policy.ingress.find(({ from }) => from === undefined)?.ports).toEqual([
      { port: portNumber('http') },
    ]);
  });

  it('leaves the number of replicas to the autoscaler', () => {
    expect(specOf('HorizontalPodAutoscaler', 'web')).toMatchObject({
      metrics: [{ type: 'ContainerResource', containerResource: { name: 'cpu', container: 'web' } }],
    });
  });

  it('contains no Secret: the user creates them', () => {
    expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });

  it('is production-plain plus the objects of the Prometheus Operator', () => {
    const plain = goldenObjects('k8s/overlays/production-plain');
    const added = objects.filter(({ apiVersion }) => apiVersion.startsWith('monitoring.coreos.com/'));
    expect(added.map(({ kind }) => kind)).toEqual(['PodMonitor', 'PrometheusRule']);
    expect(objects.filter((object) => !added.includes(object))).toEqual(plain);
  });
});
