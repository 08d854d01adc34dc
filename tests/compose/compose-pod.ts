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

/** The pod in compose under a project name and ports of its own, beside whatever else runs. */
export class ComposePod {
  readonly name = `${prefix}${process.pid}`;
  readonly project = ['--project-name', this.name] as const;
  readonly #settings: Readonly<Record<string, string>>;
  #env: Record<string, string> = {};

  /** @param settings for docker-compose.yml, such as UPSTREAM */
  constructor(settings: Readonly<Record<string, string>> = {}) {
    this.#settings = settings;
  }

  /** Starts the pod, and with it the services of profiles that are named. */
  async up(...services: readonly string[]): Promise<void> {
    removeLeftovers();
    const ports = new Ports();
    this.#env = {
      ...this.#settings,
      // the images of `make images`, not those that `make up` builds for this checkout
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
    // not by `--wait`: before Docker 25 the first health check is 30 s away
    const readiness = `http://127.0.0.1:${this.#env['WEB_ADMIN_PORT']}/readyz`;
    await eventually(async () => (await fetch(readiness)).ok, { timeoutMs: 60_000 });
  }

  /** Runs a script of this checkout on this pod instead of the checkout's own. */
  script(file: string): RunningProgram {
    return new RunningProgram(process.execPath, [join(root, file)], { COMPOSE_PROJECT_NAME: this.name });
  }

  /** Makes a new container of a service, without those that it depends on. */
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

  /** Ends a container's process as a crash would. Not by `docker kill`, after which Docker does not start it again. */
  crash(service: string): void {
    const pid = this.inspect(service, '{{.State.Pid}}');
    mustDocker('run', '--rm', '--pid=host', 'busybox:1.36', 'kill', '-9', pid);
  }

  /** The records that the shipper has written to its stdout. */
  records(): Array<Record<string, unknown>> {
    return mustDocker('logs', this.container('log-shipper'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  shippedIds(page: string): string[] {
    return this.records().flatMap((record) => (record['page'] === page ? [String(record['id'])] : []));
  }

  /** The ids of the access lines that web has written. */
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

  /** Asked directly, behind the ambassador. */
  viewsInRedis(page: string): number {
    const login = 'REDISCLI_AUTH="$(cat /run/secrets/users/app/password)" redis-cli --user app';
    return Number(mustDocker('exec', this.container('redis'), 'sh', '-c', `${login} hget views ${page}`));
  }

  /** What Redis answers to a program in the pod, which asks the ambassador. */
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

/** An interrupted run leaves its pod behind, and Docker starts it again with every boot, on the ports it had. */
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
