import { join } from 'node:path';
import { redisPasswordFile } from './redis.ts';

/** Where the pod's processes meet: the ports on 127.0.0.1 and the folders that take the place of volumes. */
export interface PodLayout {
  readonly redisPort: number;
  readonly ports: {
    readonly http: number;
    readonly webAdmin: number;
    readonly shipperAdmin: number;
    readonly statsd: number;
    readonly metrics: number;
    readonly redis: number;
    readonly ambassadorAdmin: number;
  };
  /** Absolute. */
  readonly folder: string;
}

/** One container of the pod as a process: what differs from the manifest is only where things are. */
export interface Container {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly ports: Readonly<Record<string, number>>;
  /** Asked for `/readyz` before the next one starts. */
  readonly adminPort: number;
}

/** The init container: runs to its end before the others start. */
export function waitForArgs({ redisPort, folder }: PodLayout): string[] {
  const report = join(folder, 'wait-for.json');
  return ['--timeout=60s', `--report=${report}`, `redis://health:none@127.0.0.1:${redisPort} name=redis`];
}

/** The native sidecars and the application, in the order of their start. */
export function containers({ redisPort, ports, folder }: PodLayout): Container[] {
  const logs = join(folder, 'var/log/app');
  return [
    {
      name: 'log-shipper',
      args: [],
      env: {
        LOG_PATHS: `${logs}/*.log`,
        MULTILINE: 'node',
        SINK_URL: `file://${join(folder, 'shipped/records.ndjson')}`,
        STATE_DIR: join(folder, 'state'),
        ADMIN_LISTEN: `127.0.0.1:${ports.shipperAdmin}`,
      },
      ports: { admin: ports.shipperAdmin },
      adminPort: ports.shipperAdmin,
    },
    {
      name: 'statsd-adaptor',
      args: [
        `--statsd.listen-udp=127.0.0.1:${ports.statsd}`,
        `--statsd.listen-tcp=127.0.0.1:${ports.statsd}`,
        `--statsd.mapping-config=${join(import.meta.dirname, '../../k8s/app/statsd.mapping')}`,
        `--web.listen-address=127.0.0.1:${ports.metrics}`,
      ],
      env: {},
      ports: { statsd: ports.statsd, metrics: ports.metrics },
      adminPort: ports.metrics,
    },
    {
      name: 'redis-ambassador',
      args: [],
      env: {
        LISTEN: `127.0.0.1:${ports.redis}`,
        UPSTREAM: `redis://app@127.0.0.1:${redisPort}`,
        UPSTREAM_PASSWORD_FILE: redisPasswordFile(folder),
        ADMIN_LISTEN: `127.0.0.1:${ports.ambassadorAdmin}`,
      },
      ports: { redis: ports.redis, admin: ports.ambassadorAdmin },
      adminPort: ports.ambassadorAdmin,
    },
    {
      name: 'web',
      args: [],
      env: {
        LISTEN: `127.0.0.1:${ports.http}`,
        ADMIN_LISTEN: `127.0.0.1:${ports.webAdmin}`,
        REDIS_URL: `redis://127.0.0.1:${ports.redis}`,
        STATSD: `127.0.0.1:${ports.statsd}`,
        LOG_DIR: logs,
        LOG_SHIPPER_URL: `http://127.0.0.1:${ports.shipperAdmin}`,
        STATSD_ADAPTOR_URL: `http://127.0.0.1:${ports.metrics}`,
        REDIS_AMBASSADOR_URL: `http://127.0.0.1:${ports.ambassadorAdmin}`,
        NODE_OPTIONS: '--max-semi-space-size=16',
        WAIT_REPORT: join(folder, 'wait-for.json'),
        POD_NAME: 'processes',
      },
      ports: { http: ports.http, admin: ports.webAdmin },
      adminPort: ports.webAdmin,
    },
  ];
}
