import type { Role } from './role.ts';

/** What an image, or a container's name, says of the program inside. */
export interface Hint {
  /** `web-server` is an app when it is alone and a proxy when it stands before one. `tool` serves whoever is there. */
  readonly kind: Exclude<Role, 'app' | 'init' | 'unknown'> | 'web-server' | 'runtime' | 'tool';
  /** Completes "image x is …". */
  readonly what: string;
}

const word = (...words: readonly string[]) => new RegExp(`(?:^|[-_./])(?:${words.join('|')})(?:$|[-_./\\d])`);

/** Read from the top: an exporter of a database is no database. */
const table: ReadonlyArray<readonly [RegExp, Hint]> = [
  [
    word(
      'exporter',
      'statsd',
      'dogstatsd',
      'adaptor',
      'adapter',
      'telegraf',
      'collectd',
      'metricbeat',
      'otelcol',
      'opentelemetry-collector',
      'opentelemetry-collector-contrib',
      'otel-collector',
      'datadog/agent',
      'datadog-agent',
      'cloudwatch-agent',
      'xray-daemon',
      'aws-xray-daemon',
      'jaeger-agent',
    ),
    { kind: 'adaptor', what: 'translates telemetry for a monitoring system' },
  ],
  [
    word(
      'ambassador',
      'proxy',
      'proxyv',
      'envoy',
      'haproxy',
      'twemproxy',
      'nutcracker',
      'pgbouncer',
      'pgpool',
      'traefik',
      'proxysql',
      'mcrouter',
      'mongos',
      'mysql-router',
      'mysqlrouter',
      'stunnel',
      'ghostunnel',
      'daprd',
      'squid',
      'socat',
      'kong',
      'apisix',
      'cloudflared',
      'consul-dataplane',
      'rate-limiter',
      'ratelimiter',
      'rate-limit',
      'ratelimit',
    ),
    { kind: 'ambassador', what: 'a proxy' },
  ],
  [
    word(
      'fluentd',
      'fluent-bit',
      'fluentbit',
      'filebeat',
      'vector',
      'promtail',
      'logstash',
      'log-shipper',
      'logshipper',
      'log-agent',
      'log-router',
      'log-forwarder',
      'log-collector',
      'log-tailer',
      'rsyslog',
      'syslog-ng',
    ),
    { kind: 'sidecar', what: 'ships logs' },
  ],
  [
    word(
      'git-sync',
      'gitsync',
      'k8s-sidecar',
      'reloader',
      'reload',
      'configmap-reload',
      'vault-agent',
      'consul-template',
      'sidecar',
      'litestream',
      'restic',
      'rclone',
      'velero',
      'backup',
      'sync',
      'syncer',
      'watcher',
      'refresher',
      'renewer',
    ),
    { kind: 'sidecar', what: 'serves the container beside it' },
  ],
  [
    word(
      'adminer',
      'phpmyadmin',
      'pgadmin',
      'pgadmin4',
      'mongo-express',
      'redis-commander',
      'redisinsight',
      'kibana',
      'rest-proxy',
      'kafka-ui',
      'client',
      'cli',
    ),
    { kind: 'runtime', what: 'a program that uses a datastore' },
  ],
  [
    word(
      'postgres',
      'postgresql',
      'postgis',
      'timescaledb',
      'cockroach',
      'cockroachdb',
      'mysql',
      'mysql-server',
      'mysqld',
      'mariadb',
      'percona',
      'percona-server',
      'mssql',
      'sqlserver',
      'oracle',
      'oracledb',
      'db2',
      'yugabyte',
      'tidb',
      'clickhouse',
      'clickhouse-server',
      'influxdb',
      'questdb',
      'neo4j',
      'arangodb',
      'rethinkdb',
      'couchdb',
      'couchbase',
      'cassandra',
      'scylla',
      'scylladb',
      'mongo',
      'mongod',
      'mongodb',
      'mongodb-community-server',
      'documentdb',
    ),
    { kind: 'datastore', what: 'a database server' },
  ],
  [
    word(
      'redis',
      'redis-server',
      'redis-stack',
      'redis-stack-server',
      'valkey',
      'keydb',
      'dragonfly',
      'memcached',
      'hazelcast',
      'etcd',
      'zookeeper',
    ),
    { kind: 'datastore', what: 'an in-memory or key-value store' },
  ],
  [
    word(
      'rabbitmq',
      'kafka',
      'cp-kafka',
      'redpanda',
      'pulsar',
      'activemq',
      'artemis',
      'nats',
      'nats-server',
      'nats-streaming',
    ),
    { kind: 'datastore', what: 'a message broker' },
  ],
  [
    word(
      'elasticsearch',
      'opensearch',
      'solr',
      'meilisearch',
      'typesense',
      'qdrant',
      'weaviate',
      'milvus',
      'minio',
    ),
    { kind: 'datastore', what: 'a search or object store' },
  ],
  [
    word('nginx', 'nginx-unprivileged', 'httpd', 'apache', 'apache2', 'caddy', 'openresty', 'lighttpd'),
    { kind: 'web-server', what: 'a web server' },
  ],
  [
    word(
      'busybox',
      'alpine',
      'debian',
      'ubuntu',
      'centos',
      'fedora',
      'ubi',
      'ubi-minimal',
      'curl',
      'bash',
      'kubectl',
      'git',
      'alpine-git',
    ),
    { kind: 'tool', what: 'a bare system, whose command does the work' },
  ],
];

/** Names that people give to a container for what it does, where its image says nothing. */
const names: ReadonlyArray<readonly [RegExp, Hint]> = [
  [
    word('exporter', 'metrics', 'statsd', 'adaptor', 'adapter'),
    { kind: 'adaptor', what: 'names an adaptor' },
  ],
  [
    word(
      'proxy',
      'ambassador',
      'envoy',
      'rate-limiter',
      'ratelimiter',
      'limiter',
      'rate-limit',
      'gateway',
      'tls',
    ),
    { kind: 'ambassador', what: 'names a proxy' },
  ],
  [
    word(
      'sidecar',
      'log',
      'logs',
      'logger',
      'logging',
      'shipper',
      'tailer',
      'streamer',
      'agent',
      'sync',
      'syncer',
      'reloader',
      'refresher',
      'watcher',
      'helper',
      'backup',
    ),
    { kind: 'sidecar', what: 'names a sidecar' },
  ],
  [
    word(
      'db',
      'database',
      'postgres',
      'postgresql',
      'mysql',
      'mariadb',
      'mongo',
      'mongodb',
      'redis',
      'datastore',
    ),
    { kind: 'datastore', what: 'names a datastore' },
  ],
];

/** `registry.io:5000/team/app:1.2@sha256:…` → `team/app`. */
export function imagePath(image: string): string {
  const untagged = (image.split('@')[0] ?? '').replace(/:[^/:]*$/, '');
  const [first = '', ...rest] = untagged.split('/');
  return (/[.:]|^localhost$/.test(first) && rest.length > 0 ? rest : [first, ...rest])
    .join('/')
    .toLowerCase();
}

/** What the image says: its own name first, then the project it comes from. */
export function hintOfImage(image: string): Hint | undefined {
  const path = imagePath(image);
  const base = path.slice(path.lastIndexOf('/') + 1);
  return lookUp(table, base) ?? lookUp(table.slice(0, 2), path);
}

export function hintOfName(name: string): Hint | undefined {
  return lookUp(names, name.toLowerCase());
}

function lookUp(hints: ReadonlyArray<readonly [RegExp, Hint]>, text: string): Hint | undefined {
  return hints.find(([pattern]) => pattern.test(text))?.[1];
}
