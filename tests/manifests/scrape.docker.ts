import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { FakeApi, podIP } from './fake-api.ts';
import { containersOf, goldenObjects, goldenPod } from './manifests.ts';

/** pod-patterns.scrape, checked by promtool of Compose's Prometheus image: Debian's has no Kubernetes support. */
const root = join(import.meta.dirname, '../..');
const scrape = readFileSync(join(root, 'k8s/components/monitoring/pod-patterns.scrape'), 'utf8');
const overlay = 'k8s/overlays/production';
const { services }: { services: { prometheus: { image: string } } } = parse(
  readFileSync(join(root, 'docker-compose.yml'), 'utf8'),
);

type Labels = Readonly<Record<string, string>>;

async function promtool(config: string, ...args: readonly string[]): Promise<string> {
  using dir = tempDir();
  chmodSync(dir.path, 0o755);
  writeFileSync(join(dir.path, 'pod-patterns.scrape'), config);
  writeFileSync(join(dir.path, 'prometheus.yml'), 'scrape_config_files: [pod-patterns.scrape]\n');
  const flags = ['--rm', '--network=host', `--volume=${dir.path}:/config:ro`, '--workdir=/config'];
  const image = ['--entrypoint=promtool', services.prometheus.image];
  return (await promisify(execFile)('docker', ['run', ...flags, ...image, ...args])).stdout;
}

/** The targets that the Operator derives from the PodMonitor for one pod: one for each port. */
function podMonitorTargets(): Labels[] {
  const { spec, metadata } = goldenObjects(overlay).find(({ kind }) => kind === 'PodMonitor') ?? {};
  // of this kind, only what is read here
  const { podMetricsEndpoints } = spec as {
    podMetricsEndpoints: ReadonlyArray<{ port: string; interval: string }>;
  };
  const containers = containersOf(goldenPod(overlay, 'web')).map(({ container }) => container);
  return podMetricsEndpoints.map(({ port, interval }) => {
    const container = containers.find(({ ports }) => ports?.some(({ name }) => name === port));
    const number = container?.ports?.find(({ name }) => name === port)?.containerPort;
    return {
      ...{ __address__: `${podIP}:${number}`, __metrics_path__: '/metrics', __scheme__: 'http' },
      ...{ __scrape_interval__: interval, __scrape_timeout__: '10s', instance: `${podIP}:${number}` },
      ...{ job: `${metadata?.namespace}/${metadata?.name}`, namespace: 'pod-patterns', pod: 'web' },
      ...{ container: container?.name ?? '', endpoint: port },
    };
  });
}

it('Prometheus accepts the scrape configuration', async () => {
  expect(await promtool(scrape, 'check', 'config', 'prometheus.yml')).toContain('SUCCESS');
});

it('the scrape configuration finds the targets of the PodMonitor, with the same labels', async () => {
  await using api = await FakeApi.start(['web', 'redis'].map((name) => goldenPod(overlay, name)));
  const config = scrape.replace('- role: pod\n', `- role: pod\n        api_server: ${api.url}\n`);
  const args = ['check', 'service-discovery', '--timeout=5s', 'pod-patterns.scrape', 'pod-patterns/web'];
  // the fields of promtool's output that are read here
  const found = JSON.parse(await promtool(config, ...args)) as ReadonlyArray<{ labels: Labels }>;
  // a dropped target has no labels
  const kept = found.map(({ labels }) => labels).filter((labels) => Object.keys(labels).length > 0);
  const byPort = (a: Labels, b: Labels) => (a['endpoint'] ?? '').localeCompare(b['endpoint'] ?? '');
  expect(kept.sort(byPort)).toEqual(podMonitorTargets().sort(byPort));
});
