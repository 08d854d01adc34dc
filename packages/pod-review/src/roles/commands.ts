import type { Facts } from './facts.ts';
import type { Spoken } from './role.ts';

const wordSet = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Programs that keep data, as a command starts them. */
const servers = wordSet(
  `postgres mysqld mysqld_safe mariadbd mongod redis-server valkey-server keydb-server memcached etcd rabbitmq-server
  kafka-server-start kafka-server-start.sh zookeeper-server-start zookeeper-server-start.sh zkServer.sh
  clickhouse-server influxd neo4j cassandra elasticsearch opensearch nats-server mosquitto cockroach surreal arangod
  tarantool minio couchdb beanstalkd rethinkdb scylla sqlservr`,
);

/** Programs that ask a datastore, and come in its image. */
const clients = wordSet(
  `psql pg_dump pg_dumpall pg_restore pg_isready pg_basebackup pg_receivewal pgbench createdb dropdb createuser mysql
  mysqladmin mysqldump mysqlsh mysqlimport mariadb mariadb-admin mariadb-dump mariadb-backup mongo mongosh mongodump
  mongorestore mongoexport mongoimport redis-cli valkey-cli redis-benchmark etcdctl etcdutl rabbitmqadmin
  rabbitmqctl cqlsh nodetool clickhouse-client influx cypher-shell sqlcmd sqlplus mosquitto_pub mosquitto_sub
  pulsar-admin pulsar-client zkCli.sh mc aws gsutil curl wget kcat kafkacat connect-distributed connect-distributed.sh
  kafka-mirror-maker kafka-mirror-maker.sh`,
);

/** Kafka's own tools are many, and most have its name before them. */
const kafkaTool =
  /^kafka-(?:console|topics|configs|acls|consumer|producer|verifiable|reassign|leader|log-dirs|streams|get|delete|broker-api|features|metadata|cluster|run-class)/;

/** Programs that only wait or print. */
const idle = wordSet('sleep tail cat echo true date printf');

const isClient = (program: string) => clients.has(program) || kafkaTool.test(program);

export const isServer = (program: string) => servers.has(program);

/** The client that a datastore's image is used for, or `sleep`; undefined where it runs the server. */
export function clientOf({ found, runs }: Facts): string | undefined {
  if (found?.program.kind !== 'datastore' || runs.some(isServer)) return undefined;
  const client = runs.find(isClient);
  if (client !== undefined) return client;
  return runs.every((program) => idle.has(program)) ? runs[0] : undefined;
}

/** Whether the command only keeps the container running, for people to use the tools in its image. */
export function isIdle({ runs, words, found }: Facts): boolean {
  const waits = runs.some((program) => program === 'sleep' || program === 'tail' || program === 'cat');
  const isTool = found?.program.kind === 'tool' || found?.program.kind === 'datastore';
  return waits && !isTool && runs.every((program) => idle.has(program)) && !followsFile(words);
}

/** Whether `tail` has an `f` or `F` among its options, and reads a file. */
export function followsFile(words: readonly string[]): boolean {
  let isOption = false;
  let follows = false;
  for (const word of words.flatMap((text) => text.split(/\s+/))) {
    if (follows && word !== '' && !word.startsWith('-') && !/^\d+$/.test(word)) return word !== '/dev/null';
    if (isOption && /^--?\w*f/i.test(word)) follows = true;
    isOption = /\btail$/.test(word) || (isOption && /^(?:-.|\+?\d)/.test(word));
  }
  return false;
}

/** Words after a program's name that choose its mode. */
const subcommands: ReadonlyMap<string, Spoken> = new Map([
  ['sidecar', 'sidecar'],
  ['shutdown-manager', 'sidecar'],
  ['cmp-server', 'sidecar'],
  ['argocd-cmp-server', 'sidecar'],
  ['reloader', 'sidecar'],
  ['exporter', 'adaptor'],
  ['proxy', 'ambassador'],
]);

/** The role that a program is started in: `thanos sidecar`, `vault agent`, `redis-server --sentinel`. */
export function subcommandOf({ words, runs, image }: Facts): { role: Spoken; word: string } | undefined {
  if (words.includes('--sentinel') || runs.includes('redis-sentinel')) {
    return { role: 'sidecar', word: 'a sentinel' };
  }
  const places = words.filter((word) => /^[\w/.-]+$/.test(word) && !word.startsWith('-')).slice(0, 3);
  for (const place of places) {
    const word = place.slice(place.lastIndexOf('/') + 1);
    const role = subcommands.get(word);
    if (role !== undefined) return { role, word };
    const isAgent = word === 'agent' && !words.some((one) => /^--?(?:server|dev)\b/.test(one));
    if (isAgent && /vault|consul|spire/.test(`${image} ${words[0] ?? ''}`)) {
      return { role: 'sidecar', word: 'agent' };
    }
  }
  return undefined;
}
