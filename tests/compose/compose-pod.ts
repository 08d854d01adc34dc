import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { RunningProgram } from '@pod-patterns/kit/testing/program';
import { Ports } from '../../scripts/pod/ports.ts';
import { mustDocker } from '../images/docker.ts';

const root = join(import.meta.dirname, '../..');

const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const prefix = 'pod-patterns-test-';

/** The pod in Compose with its own project name and ports, independent of other pods. */
export class ComposePod {
  readonly name = `${prefix}${process.pid}`;
  readonly project = ['--project-name', this.name] as const;
  readonly #settings: Readonly<Record<string, string>>;
  #env: Record<string, string> = {};

  /** @param settings for docker-compose.yml, such as UPSTREAM */
  constructor(settings: Readonly<Record<string, string>> = {}) {
    this.#settings = settings;
  }

  /** Starts the pod and the services of the named profiles. */
  async up(...services: readonly string[]): Promise<void> {
    removeLeftovers();
    const ports = new Ports();
    this.#env = {
      ...this.#settings,
      // the images of `make images`, not those of `make up` for this checkout
      VERSION: version,
      WEB_PORT: String(await ports.take(18_080)),
      WEB_ADMIN_PORT: String(await ports.take(18_081)),
      LOG_SHIPPER_ADMIN_PORT: String(await ports.take(19_101)),
      STATSD_ADAPTOR_ADMIN_PORT: String(await ports.take(19_102)),
      REDIS_AMBASSADOR_ADMIN_PORT: String(await ports.take(19_103)),
      POD_PAGE_PORT: String(await ports.take(18_090)),
      PROMETHEUS_PORT: String(await ports.take(19_090)),
    };
    this.#compose('up', '--no-build', '--detach', ...services);
    // not with `--wait`: before Docker 25 the first health check comes after 30 s
    const readiness = `http://127.0.0.1:${this.#env['WEB_ADMIN_PORT']}/readyz`;
    await eventually(async () => (await fetch(readiness)).ok, { timeoutMs: 60_000 });
  }

  /** Runs a script of this checkout on this pod instead of the checkout's pod. */
  script(file: string): RunningProgram {
    return new RunningProgram(process.execPath, [join(root, file)], { COMPOSE_PROJECT_NAME: this.name });
  }

  /** Recreates the container of a service, without its dependencies. */
  remake(service: string): void {
    this.#compose('up', '--no-build', '--detach', '--no-deps', '--force-recreate', service);
  }

  stop(): void {
    this.#compose('stop');
  }

  down(): void {
    this.#compose('--profile', '*', 'down', '--volumes', '--remove-orphans');
  }

  get url(): string {
    return `http://127.0.0.1:${this.#env['WEB_PORT']}`;
  }

  get pageUrl(): string {
    return `http://127.0.0.1:${this.#env['POD_PAGE_PORT']}`;
  }

  get prometheusUrl(): string {
    return `http://127.0.0.1:${this.#env['PROMETHEUS_PORT']}`;
  }

  async metrics(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.#env['STATSD_ADAPTOR_ADMIN_PORT']}/metrics`)).text();
  }

  container(service: string): string {
    return `${this.name}-${service}-1`;
  }

  inspect(service: string, format: string): string {
    return mustDocker('inspect', `--format=${format}`, this.container(service));
  }

  /** Kills a container's process, as a crash does. After `docker kill`, Docker would not restart the container. */
  crash(service: string): void {
    const pid = this.inspect(service, '{{.State.Pid}}');
    mustDocker('run', '--rm', '--pid=host', 'busybox:1.36', 'kill', '-9', pid);
  }

  /** Records that the shipper has written to its stdout. */
  records(): Array<Record<string, unknown>> {
    return mustDocker('logs', this.container('log-shipper'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  shippedIds(page: string): string[] {
    return this.records().flatMap((record) => (record['page'] === page ? [String(record['id'])] : []));
  }

  /** Request ids of the access lines that web has written. */
  writtenIds(): string[] {
    const volume = `${this.name}_logs:/logs:ro`;
    const lines = mustDocker(
      'run',
      '--rm',
      '--volume',
      volume,
      'busybox:1.36',
      'sh',
      '-c',
      'cat /logs/access*',
    );
    return lines.split('\n').map((line) => JSON.parse(line).id);
  }

  /** Sends a command to Redis directly, without the ambassador. */
  viewsInRedis(page: string): number {
    const login = 'REDISCLI_AUTH="$(cat /run/secrets/users/app/password)" redis-cli --user app';
    return Number(mustDocker('exec', this.container('redis'), 'sh', '-c', `${login} hget views ${page}`));
  }

  /** Reply of Redis to a program in the pod, through the ambassador. */
  askAmbassador(...command: readonly string[]): string {
    const network = `--network=container:${this.container('pod')}`;
    return mustDocker('run', '--rm', network, 'redis:8', 'redis-cli', ...command);
  }

  #compose(...args: readonly string[]): void {
    const ran = spawnSync('docker', ['compose', ...this.project, ...args], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ...this.#env },
      maxBuffer: 1 << 26,
    });
    if (ran.status !== 0) throw new Error(`docker compose ${args.join(' ')}:\n${ran.stdout}${ran.stderr}`);
  }
}

/** Removes the pod of an interrupted run, which Docker would restart at every boot, on the same ports. */
function removeLeftovers(): void {
  const projects = mustDocker('compose', 'ls', '--all', '--quiet').split('\n');
  for (const name of projects.filter((name) => name.startsWith(prefix))) {
    if (isRunning(Number(name.slice(prefix.length)))) continue;
    mustDocker('compose', '--project-name', name, 'down', '--volumes', '--remove-orphans');
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
