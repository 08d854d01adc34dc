import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepareRedis, redisArgs, redisPasswordFile } from './redis.ts';

/** Ports of the pod's processes on 127.0.0.1. */
export interface PodPorts {
  /** Redis itself; `redis` is the ambassador's port. */
  readonly upstream: number;
  readonly http: number;
  readonly webAdmin: number;
  readonly shipperAdmin: number;
  readonly statsd: number;
  readonly metrics: number;
  readonly redis: number;
  readonly ambassadorAdmin: number;
  readonly page: number;
  readonly pageAdmin: number;
}

export interface PodLayout {
  readonly ports: PodPorts;
  /** Absolute path; replaces the volumes. Each process starts in it. */
  readonly folder: string;
  /** The Redis or Valkey server. */
  readonly redisServer: string;
}

/** One container of the pod as a process: it differs from the manifest only in addresses and paths. */
export interface Container {
  readonly name: string;
  /** The executable and its arguments. */
  readonly command: readonly string[];
  /** Our program among them. */
  readonly program?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly ports: Readonly<Record<string, number>>;
  /** Runs before each start. */
  readonly prepare?: () => void;
  readonly ready: ReadySign;
}

/** When the next container may start. */
export type ReadySign =
  | { readonly when: 'it has ended'; readonly leaving: string }
  /** Logged when the container listens on all its ports. */
  | { readonly when: 'it has said'; readonly text: string; readonly adminPort?: number };

/** Redis, the init container, the native sidecars, the application and pod-page, in the order of their start. */
export function containers(layout: PodLayout): Container[] {
  return [redis(layout), waitFor(layout), ...sidecars(layout), web(layout), podPage(layout)];
}

function redis({ ports, folder, redisServer }: PodLayout): Container {
  return {
    name: 'redis',
    command: [redisServer, ...redisArgs(folder, ports.upstream)],
    env: {},
    ports: { redis: ports.upstream },
    prepare: () => {
      prepareRedis(folder);
      // it waited for an earlier Redis
      rmSync(waitReport(folder), { force: true });
    },
    ready: { when: 'it has said', text: 'Ready to accept connections' },
  };
}

function waitFor({ ports, folder }: PodLayout): Container {
  const report = waitReport(folder);
  return {
    ...bundle('wait-for', [
      '--timeout=60s',
      `--report=${report}`,
      `redis://health:none@127.0.0.1:${ports.upstream} name=redis`,
    ]),
    env: {},
    ports: {},
    ready: { when: 'it has ended', leaving: report },
  };
}

function sidecars({ ports, folder }: PodLayout): Container[] {
  const shipped = pathToFileURL(join(folder, 'shipped/records.ndjson'));
  const mapping = join(import.meta.dirname, '../../k8s/app/statsd.mapping');
  return [
    {
      ...bundle('log-shipper', [`--sink=${shipped}`]),
      env: {
        ...service(ports.shipperAdmin),
        // relative to the pod's folder, whose own name may contain * or [
        LOG_PATHS: 'var/log/app/*.log',
        MULTILINE: 'node',
        STATE_DIR: join(folder, 'state'),
      },
      ports: { admin: ports.shipperAdmin },
      ready: isStarted(ports.shipperAdmin),
    },
    {
      ...bundle('statsd-adaptor', [
        `--statsd.listen-udp=127.0.0.1:${ports.statsd}`,
        `--statsd.listen-tcp=127.0.0.1:${ports.statsd}`,
        `--statsd.mapping-config=${mapping}`,
        `--web.listen-address=127.0.0.1:${ports.metrics}`,
      ]),
      // as its image
      env: { LOG_FORMAT: 'json', NODE_OPTIONS: '--max-semi-space-size=4' },
      ports: { statsd: ports.statsd, metrics: ports.metrics },
      ready: isStarted(ports.metrics),
    },
    {
      ...bundle('redis-ambassador'),
      env: {
        ...service(ports.ambassadorAdmin),
        LISTEN: `127.0.0.1:${ports.redis}`,
        UPSTREAM: `redis://app@127.0.0.1:${ports.upstream}`,
        UPSTREAM_PASSWORD_FILE: redisPasswordFile(folder),
      },
      ports: { redis: ports.redis, admin: ports.ambassadorAdmin },
      ready: isStarted(ports.ambassadorAdmin),
    },
  ];
}

function web({ ports, folder }: PodLayout): Container {
  return {
    ...bundle('web'),
    env: {
      ...service(ports.webAdmin),
      LISTEN: `127.0.0.1:${ports.http}`,
      REDIS_URL: `redis://127.0.0.1:${ports.redis}`,
      STATSD: `127.0.0.1:${ports.statsd}`,
      LOG_DIR: join(folder, 'var/log/app'),
      NODE_OPTIONS: '--max-semi-space-size=16',
      POD_NAME: 'processes',
    },
    ports: { http: ports.http, admin: ports.webAdmin },
    ready: isStarted(ports.webAdmin),
  };
}

function podPage({ ports, folder }: PodLayout): Container {
  const admins = {
    web: ports.webAdmin,
    'redis-ambassador': ports.ambassadorAdmin,
    'statsd-adaptor': ports.metrics,
    'log-shipper': ports.shipperAdmin,
  };
  return {
    ...bundle('pod-page', [
      ...Object.entries(admins).map(([name, port]) => `--container=${name}=http://127.0.0.1:${port}`),
      `--app=http://127.0.0.1:${ports.http}`,
      `--wait-report=${waitReport(folder)}`,
    ]),
    env: {
      ...service(ports.pageAdmin),
      LISTEN: `127.0.0.1:${ports.page}`,
      POD_NAME: 'processes',
    },
    ports: { page: ports.page, admin: ports.pageAdmin },
    ready: isStarted(ports.pageAdmin),
  };
}

function waitReport(folder: string): string {
  return join(folder, 'wait-for.json');
}

function bundle(name: string, args: readonly string[] = []) {
  const program = join(import.meta.dirname, `../../packages/${name}/dist/${name}.js`);
  return { name, program, command: [process.execPath, program, ...args] };
}

function service(adminPort: number) {
  return { LOG_FORMAT: 'json', ADMIN_LISTEN: `127.0.0.1:${adminPort}` };
}

function isStarted(adminPort: number): ReadySign {
  return { when: 'it has said', text: '"msg":"started"', adminPort };
}
