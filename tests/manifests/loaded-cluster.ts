import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { IContainer } from '../../packages/pod-review/src/pod/types.ts';
import { containersOf, goldenPod, type PodManifest, secretOf } from './manifests.ts';
import { makeNetwork, RunningPod } from './run-pod.ts';
import { ViewLoad } from './view-load.ts';

const run = promisify(execFile);

/** The data of each Secret, by its name. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A folder of k8s/ with a Redis and pods that reach it. */
export interface Setup {
  readonly folder: string;
  /** The workload of the web pods. */
  readonly workload: string;
  /** Host name by which they reach Redis. */
  readonly host: string;
  readonly secrets: Secrets;
}

/** Observations while Secrets were changed. */
export interface Outcome {
  readonly acknowledged: number;
  readonly failedViews: readonly string[];
  readonly failedProbes: readonly string[];
}

/** Redis and web pods of a folder under continuous page views, with a readiness probe of Redis every second. */
export class LoadedCluster implements AsyncDisposable {
  readonly redis: RunningPod;
  readonly #setup: Setup;
  readonly #resources: AsyncDisposableStack;
  readonly #network: string;
  readonly #pods: RunningPod[];
  readonly #loads: ViewLoad[] = [];
  readonly #probes: Promise<string[]>;
  #secrets: Secrets;
  #isStopping = false;

  private constructor(setup: Setup, redis: RunningPod, network: string, resources: AsyncDisposableStack) {
    this.#setup = setup;
    this.#secrets = setup.secrets;
    this.#network = network;
    this.#resources = resources;
    this.redis = redis;
    this.#pods = [redis];
    this.#probes = this.#probe();
  }

  static async start(setup: Setup): Promise<LoadedCluster> {
    await using started = new AsyncDisposableStack();
    const network = started.use(makeNetwork()).name;
    const manifest = podOf(setup, 'redis', setup.secrets);
    const redis = started.use(await RunningPod.start(manifest, { network, names: [setup.host] }));
    return new LoadedCluster(setup, redis, network, started.move());
  }

  /** Starts a web pod with the present Secrets, and sends page views to it from then on. */
  async addWeb(): Promise<RunningPod> {
    const manifest = podOf(this.#setup, this.#setup.workload, this.#secrets);
    const web = this.#resources.use(await RunningPod.start(manifest, { network: this.#network }));
    this.#pods.push(web);
    this.#loads.push(this.#resources.use(new ViewLoad(web.url(8080, '/api/views/rotated'))));
    return web;
  }

  /** Changes the data of a Secret, in running and in future pods. */
  change(name: string, data: Readonly<Record<string, string>>): void {
    this.#secrets = { ...this.#secrets, [name]: data };
    for (const pod of this.#pods) pod.changeSecret(name, data);
  }

  /** Output of `kubectl exec redis-0 -- sh -c`. @throws Error if it fails */
  async inRedis(command: string): Promise<string> {
    const { stdout } = await run('docker', ['exec', `${this.redis.id}-redis`, 'sh', '-c', command]);
    return stdout.trim();
  }

  /** Stops page views and probes. */
  async stop(): Promise<Outcome> {
    this.#isStopping = true;
    const views = await Promise.all(this.#loads.map((load) => load.stop()));
    return {
      acknowledged: views.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
      failedViews: views.flatMap(({ failed }) => failed),
      failedProbes: await this.#probes,
    };
  }

  async #probe(): Promise<string[]> {
    const failed: string[] = [];
    const [redis] = containersOf(podOf(this.#setup, 'redis', this.#secrets));
    const command = redis?.container.readinessProbe?.exec?.command ?? [];
    while (!this.#isStopping) {
      const ran = run('docker', ['exec', `${this.redis.id}-redis`, ...command]);
      await ran.catch((error: unknown) => failed.push(String(error)));
      await delay(1000);
    }
    return failed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true;
    await this.#probes;
    await this.#resources.disposeAsync();
  }
}

function podOf({ folder }: Setup, workload: string, secrets: Secrets): PodManifest {
  const pod = goldenPod(folder, workload);
  const others = pod.objects.filter(({ kind }) => kind !== 'Secret');
  return {
    ...pod,
    spec: { ...pod.spec, containers: pod.spec.containers.map(withPatience) },
    objects: [...others, ...Object.entries(secrets).map(([name, data]) => secretOf(name, data))],
  };
}

/** A second is web's deadline for Redis: slowness of the machine is not a failed login. */
function withPatience(container: IContainer): IContainer {
  if (container.name !== 'web') return container;
  return { ...container, env: [...(container.env ?? []), { name: 'REDIS_TIMEOUT', value: '30s' }] };
}
