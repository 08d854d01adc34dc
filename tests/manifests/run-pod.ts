import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import type { IContainer } from '../../packages/pod-review/src/pod/types.ts';
import { docker, imageOf, mustDocker } from '../images/docker.ts';
import { containersOf, dataOf, environmentOf, type PodManifest } from './manifests.ts';
import { mountedFiles, mountFiles } from './mounted-files.ts';

const run = promisify(execFile);

type Probe = NonNullable<IContainer['startupProbe']>;

/** How a container ended. */
export interface Ended {
  readonly name: string;
  readonly code: number;
}

export interface RunOptions {
  /** A Docker network; pods on it find each other by `names`. */
  readonly network: string;
  readonly names?: readonly string[];
  /** Search domains of the pod, as in a cluster. */
  readonly search?: readonly string[];
  /** Name of the container before which the start stops. */
  readonly before?: string;
  /** Puts volumes on disk, as a node does. Otherwise they are in memory, with a size limit. */
  readonly onDisk?: boolean;
}

/**
 * A pod of a manifest on the local Docker engine, run as a kubelet would: one network namespace, init
 * containers one by one, a sidecar's startup probe before the next, each with the command, environment, volumes
 * and restrictions of the manifest. Probes connect from outside the pod, as the kubelet's do.
 */
export class RunningPod implements AsyncDisposable {
  /** Prefix of its containers' names: `<id>-<container>`. */
  readonly id = `pod-${randomUUID().slice(0, 8)}`;
  readonly #manifest: PodManifest;
  readonly #folder = mkdtempSync(join(tmpdir(), 'pod-patterns-volumes-'));
  readonly #mounts = new Map<string, string>();
  readonly #volumes: string[] = [];
  readonly #started: string[] = [];

  private constructor(manifest: PodManifest) {
    this.#manifest = manifest;
  }

  /** Resolves when all containers run and the startup probes have passed. @throws Error with the log of the failed container */
  static async start(manifest: PodManifest, options: RunOptions): Promise<RunningPod> {
    const pod = new RunningPod(manifest);
    try {
      pod.#makeVolumes(options);
      pod.#startSandbox(options);
      for (const { container, isInit } of containersOf(manifest)) {
        if (container.name === options.before) break;
        await pod.startContainer(container, isInit);
      }
      return pod;
    } catch (error) {
      await pod[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts a container, and waits for its end (init) or for its startup probe. */
  async startContainer(container: IContainer, isInit = false): Promise<void> {
    mustDocker('run', '--detach', `--name=${this.#idOf(container.name)}`, ...this.#flags(container));
    this.#started.push(container.name);
    if (isInit) {
      const code = await waitForEnd(this.#idOf(container.name));
      if (code !== 0) throw new Error(`${container.name} ended with ${code}:\n${this.logs(container.name)}`);
      return;
    }
    await this.#untilUp(container);
  }

  async #untilUp(container: IContainer): Promise<void> {
    const fail = (cause?: unknown) => {
      throw new Error(`${container.name} did not start:\n${this.logs(container.name)}`, { cause });
    };
    const settled = async () => this.#hasEnded(container.name) || (await this.#isUp(container));
    await eventually(settled, { timeoutMs: 60_000, everyMs: 100 }).catch(fail);
    if (this.#hasEnded(container.name)) fail();
  }

  #hasEnded(name: string): boolean {
    return mustDocker('inspect', '--format={{.State.Running}}', this.#idOf(name)) === 'false';
  }

  /** Runs the startup or readiness probe. */
  async #isUp(container: IContainer): Promise<boolean> {
    for (const probe of [container.startupProbe, container.readinessProbe]) {
      if (probe !== undefined && !(await this.#passes(container, probe))) return false;
    }
    return true;
  }

  async #passes({ name, ports }: IContainer, { httpGet, exec }: Probe): Promise<boolean> {
    if (exec !== undefined) return this.exec(name, ...(exec.command ?? [])).status === 0;
    if (httpGet === undefined) return true;
    const port =
      ports?.find((candidate) => candidate.name === httpGet.port)?.containerPort ?? Number(httpGet.port);
    return (await fetch(this.url(port, httpGet.path))).ok;
  }

  /** Address at which a port of the pod is reachable from outside. */
  url(containerPort: number, path = '/'): string {
    const published = mustDocker('port', this.#idOf('sandbox'), `${containerPort}/tcp`).split('\n')[0];
    return `http://${published}${path}`;
  }

  /** Output of a container so far, stderr first. */
  logs(container: string): string {
    const { stdout, stderr } = docker('logs', this.#idOf(container));
    return `${stderr}\n${stdout}`;
  }

  stdout(container: string): string {
    return docker('logs', this.#idOf(container)).stdout;
  }

  /** Working set as in `docker stats`: memory in use without inactive file pages. */
  workingSetBytes(container: string): number {
    const used = mustDocker('stats', '--no-stream', '--format={{.MemUsage}}', this.#idOf(container));
    const [, value = '', unit = ''] = /^([\d.]+)([KMG]iB) /.exec(used) ?? [];
    return Number(value) * 1024 ** ('KMG'.indexOf(unit.charAt(0)) + 1);
  }

  exec(container: string, ...command: readonly string[]) {
    return docker('exec', this.#idOf(container), ...command);
  }

  /** The files of a volume from a ConfigMap or a Secret. */
  files(volume: string): readonly string[] {
    return mountedFiles(join(this.#folder, volume));
  }

  /** Changes the data of a Secret under the running containers, as a kubelet does. */
  changeSecret(name: string, data: Readonly<Record<string, string>>): void {
    const all = new Map(Object.entries(data));
    for (const { name: volume, secret } of this.#manifest.spec.volumes ?? []) {
      if (secret?.secretName === name) mountFiles(join(this.#folder, volume), chosen(all, secret.items));
    }
  }

  /** Output of a shell command in the pod's network. @throws Error if it fails */
  inside(command: string): string {
    const network = `--network=container:${this.#idOf('sandbox')}`;
    return mustDocker('run', '--rm', network, 'busybox:1.36', 'sh', '-c', command);
  }

  /** Stops a container. @returns its exit code */
  stopContainer(container: string, graceSeconds: number): number {
    mustDocker('stop', `--time=${graceSeconds}`, this.#idOf(container));
    return Number(mustDocker('inspect', '--format={{.State.ExitCode}}', this.#idOf(container)));
  }

  /** Kills a container, as a crash would. */
  kill(container: string): void {
    mustDocker('kill', this.#idOf(container));
    mustDocker('wait', this.#idOf(container));
  }

  /** Restarts a container in place, as a kubelet does after a crash. */
  async restart(name: string): Promise<void> {
    mustDocker('start', this.#idOf(name));
    const { container } = containersOf(this.#manifest).find((placed) => placed.container.name === name) ?? {};
    if (container !== undefined) await this.#untilUp(container);
  }

  /**
   * Stops as a kubelet does: all preStop hooks at once; the apps, each after its hook; then the sidecars one by one,
   * the last one first. A container that has already ended stays ended.
   */
  async stop(): Promise<readonly Ended[]> {
    const all = containersOf(this.#manifest).filter(
      ({ container, isInit }) => !isInit && this.#started.includes(container.name),
    );
    const hooks = new Map(all.map(({ container }) => [container.name, this.#runPreStop(container)]));
    const end = async ({ container: { name } }: (typeof all)[number]): Promise<Ended> => {
      await hooks.get(name);
      const seconds = this.#manifest.spec.terminationGracePeriodSeconds ?? 30;
      await run('docker', ['stop', `--time=${seconds}`, this.#idOf(name)]);
      return { name, code: await waitForEnd(this.#idOf(name)) };
    };
    const ended = await Promise.all(all.filter(({ isSidecar }) => !isSidecar).map(end));
    for (const sidecar of all.filter(({ isSidecar }) => isSidecar).reverse()) ended.push(await end(sidecar));
    return ended;
  }

  /** Throws the output of a failed hook, for which a kubelet would only create an event. */
  async #runPreStop({ name, lifecycle }: IContainer): Promise<void> {
    const { sleep, exec } = lifecycle?.preStop ?? {};
    if (sleep !== undefined) await setTimeout(sleep.seconds * 1000);
    if (exec !== undefined) await run('docker', ['exec', this.#idOf(name), ...(exec.command ?? [])]);
  }

  /** End time of a container, as reported by the engine. */
  endedAt(container: string): Date {
    return new Date(mustDocker('inspect', '--format={{.State.FinishedAt}}', this.#idOf(container)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    docker(
      'rm',
      '--force',
      '--volumes',
      ...this.#started.map((name) => this.#idOf(name)),
      this.#idOf('sandbox'),
    );
    if (this.#volumes.length > 0) docker('volume', 'rm', '--force', ...this.#volumes);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #idOf(container: string): string {
    return `${this.id}-${container}`;
  }

  #startSandbox({ network, names = [], search = [] }: RunOptions): void {
    const ports = containersOf(this.#manifest).flatMap(({ container }) => container.ports ?? []);
    const published = ports
      .filter(({ protocol }) => protocol !== 'UDP')
      .map(({ containerPort }) => containerPort);
    mustDocker(
      'run',
      '--detach',
      `--name=${this.#idOf('sandbox')}`,
      `--hostname=${this.#manifest.name}`,
      `--network=${network}`,
      ...names.map((name) => `--network-alias=${name}`),
      ...search.map((domain) => `--dns-search=${domain}`),
      ...published.map((port) => `--publish=127.0.0.1::${port}`),
      // mounted here, so that a volume outlives the containers that use it
      ...[...this.#mounts].map(([name, source]) => `--volume=${source}:/volumes/${name}`),
      'registry.k8s.io/pause:3.10',
    );
  }

  #makeVolumes({ onDisk = false }: RunOptions): void {
    const { securityContext: { runAsUser = 0, fsGroup = 0 } = {}, volumes = [] } = this.#manifest.spec;
    for (const { name, emptyDir, configMap, secret } of volumes) {
      if (emptyDir !== undefined && onDisk) {
        chmodSync(this.#makeFolder(name), 0o777);
      } else if (emptyDir !== undefined) {
        const volume = `${this.id}-${name}`;
        const size = String(emptyDir.sizeLimit ?? '64Mi').replace('Mi', 'm');
        const options = `o=size=${size},uid=${runAsUser},gid=${fsGroup},mode=0777`;
        mustDocker('volume', 'create', '--opt=type=tmpfs', '--opt=device=tmpfs', `--opt=${options}`, volume);
        this.#volumes.push(volume);
        this.#mounts.set(name, volume);
      } else {
        const all =
          secret === undefined
            ? dataOf(this.#manifest, 'ConfigMap', configMap?.name ?? '')
            : dataOf(this.#manifest, 'Secret', secret.secretName ?? '');
        mountFiles(this.#makeFolder(name), chosen(all, secret?.items ?? configMap?.items));
      }
    }
    chmodSync(this.#folder, 0o755);
  }

  #makeFolder(volume: string): string {
    const folder = join(this.#folder, volume);
    mkdirSync(folder);
    this.#mounts.set(volume, folder);
    return folder;
  }

  #flags(container: IContainer): string[] {
    const { name, namespace, spec } = this.#manifest;
    // without a group it is the image's, or 0, as with a kubelet
    const { runAsUser, runAsGroup = 0 } = { ...spec.securityContext, ...container.securityContext };
    const identity = {
      'metadata.name': name,
      'metadata.namespace': namespace,
      'metadata.uid': this.id,
      'status.podIP': '127.0.0.1',
      'spec.nodeName': 'docker',
    };
    const environment = [...environmentOf(this.#manifest, container, identity)];
    const memory = container.resources?.limits?.['memory'];
    const [entrypoint, ...command] = container.command ?? [];
    return [
      `--network=container:${this.#idOf('sandbox')}`,
      `--user=${runAsUser}:${runAsGroup}`,
      // a kubelet does not run health checks, and each is a process in the container
      '--no-healthcheck',
      '--read-only',
      '--cap-drop=ALL',
      '--security-opt=no-new-privileges:true',
      ...(memory === undefined ? [] : [`--memory=${String(memory).replace('Mi', 'm')}`]),
      ...environment.map(([key, text]) => `--env=${key}=${text}`),
      ...(container.volumeMounts ?? []).map(({ name: volume, mountPath, readOnly = false }) => {
        // Docker would fill an empty volume with the image's files
        const options = [
          readOnly ? 'ro' : 'rw',
          ...(this.#volumes.includes(`${this.id}-${volume}`) ? ['nocopy'] : []),
        ];
        return `--volume=${this.#mounts.get(volume)}:${mountPath}:${options}`;
      }),
      ...(entrypoint === undefined ? [] : [`--entrypoint=${entrypoint}`]),
      // our images as built here
      (container.image ?? '').replace(/^pod-patterns\/([a-z-]+):.*$/, (_, ours) => imageOf(ours)),
      ...command,
      ...(container.args ?? []),
    ];
  }
}

/** The part of the data of a Secret or a ConfigMap that a volume shows. */
function chosen(
  all: ReadonlyMap<string, string>,
  items: ReadonlyArray<{ readonly key: string; readonly path: string }> | undefined,
): ReadonlyMap<string, string> {
  return items === undefined ? all : new Map(items.map(({ key, path }) => [path, all.get(key) ?? '']));
}

async function waitForEnd(id: string): Promise<number> {
  const { stdout } = await run('docker', ['wait', id]);
  return Number(stdout);
}

/** A Service: forwards connections from its own names and port to a port of a pod. */
export class RunningService implements Disposable {
  readonly #id = `service-${randomUUID().slice(0, 8)}`;

  constructor(network: string, names: readonly string[], { port, target }: { port: number; target: string }) {
    const [host, targetPort] = target.split(':');
    const forward = `require('node:net').createServer((a) => {
      const b = require('node:net').connect(${targetPort}, '${host}');
      a.pipe(b).pipe(a);
      a.on('error', () => b.destroy());
      b.on('error', () => a.resetAndDestroy());
    }).listen(${port});`;
    const aliases = names.map((name) => `--network-alias=${name}`);
    const flags = [
      '--detach',
      `--name=${this.#id}`,
      `--network=${network}`,
      '--user=0',
      '--entrypoint=/nodejs/bin/node',
    ];
    mustDocker('run', ...flags, ...aliases, imageOf('web'), '-e', forward);
  }

  [Symbol.dispose](): void {
    docker('rm', '--force', this.#id);
  }
}

/** A Docker network that is removed at the end of the scope. */
export function makeNetwork(): Disposable & { readonly name: string } {
  const name = `pod-patterns-${randomUUID().slice(0, 8)}`;
  mustDocker('network', 'create', name);
  return { name, [Symbol.dispose]: () => void docker('network', 'rm', name) };
}
