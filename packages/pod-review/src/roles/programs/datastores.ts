import type { Program, Row } from './program.ts';

const store = (what: string): Program => ({ kind: 'datastore', what });
const overHttp = (what: string): Program => ({ kind: 'datastore', what, isHttp: true });

/** Programs that keep data for others. */
export const datastores: readonly Row[] = [
  [
    store('a database server'),
    `postgres postgresql postgresql-repmgr postgis timescaledb timescaledb-ha pgvector pgvecto-rs paradedb spilo
    crunchy-postgres crunchy-postgres-gis citus greenplum supabase/postgres apache/age cockroach cockroachdb
    mysql mysql-server mysqld mysql/community-server mysql/enterprise-server mariadb mariadb-galera mariadb-server
    mariadb/server mariadb/columnstore percona percona-server percona-xtradb-cluster mssql mssql-server mssql/server
    mssql/rhel/server sqlserver azure-sql-edge oracle oracledb oracle-free oracle-xe database/free database/express
    database/enterprise db2 informix-developer-database hanaexpress firebird firebird-server oscarfonts/h2 monetdb
    exasol/docker-db vertica vertica-ce vertica-k8s singlestore singlestoredb singlestoredb-dev memsql yugabyte yugabytedb
    tidb tikv pingcap/pd tiflash oceanbase oceanbase-ce dolt dolt-sql-server vttablet rqlite libsql-server sqld edgedb
    geldata/gel xtdb crate cratedb opengauss tarantool cubrid nuodb nuodb-ce immudb materialized virtuoso-opensource-7
    intersystems/iris intersystems/iris-community voltdb volt-developer-edition voltdb-community vttestserver risingwave gpdb`,
  ],
  [
    store('a document, graph or wide-column database'),
    `mongo mongod mongodb mongodb-community-server mongodb-enterprise-server mongodb-atlas-local mongodb-sharded
    percona-server-mongodb ferretdb postgres-documentdb documentdb documentdb-local azure-cosmos-emulator cassandra
    dse dse-server cass-management-api scylla scylladb scylla-enterprise hbase accumulo apache/kudu rethinkdb ravendb
    orientdb neo4j neo4j-enterprise memgraph memgraph-platform memgraph-mage janusgraph dgraph nebula-graphd
    nebula-storaged nebula-metad tigergraph falkordb arcadedb ontotext/graphdb blazegraph jena-fuseki fuseki
    stardog typedb eventstore eventstoredb kurrentdb dynamodb-local riak riak-kv foundationdb aerospike
    aerospike-server aerospike-server-enterprise couchbase couchbase/server surrealdb terminusdb-server`,
  ],
  [
    overHttp('a document database'),
    'couchdb arangodb arangodb/enterprise terminusdb pouchdb-server pocketbase',
  ],
  [
    store('an in-memory or key-value store'),
    `redis redis-server redis-stack redis-stack-server redis-cluster redislabs/redis valkey valkey-server valkey-cluster
    valkey-bundle keydb dragonflydb/dragonfly microsoft/garnet kvrocks pikadb/pika ssdb memcached hazelcast
    hazelcast-enterprise apacheignite/ignite gridgain infinispan infinispan/server infinispan-server oracle/coherence coherence-ce ignite-3 geode
    gemfire zookeeper cp-zookeeper clickhouse-keeper olricd`,
  ],
  [overHttp('a key-value store'), 'etcd etcd-development/etcd'],
  [
    store('a message broker'),
    `rabbitmq rabbitmq-server lavinmq kafka kafka-native cp-kafka cp-server redpanda pulsar pulsar-all bookkeeper
    activemq activemq-classic activemq-artemis artemis activemq-artemis-broker-kubernetes nats nats-server nats-streaming mosquitto eclipse-mosquitto emqx
    emqx-enterprise hivemq hivemq4 hivemq-ce vernemq docker-vernemq nanomq rocketmq nsq nsqd beanstalkd gearmand
    contribsys/faktory solace-pubsub-standard solace-pubsub-enterprise ibm-messaging/mq ibmcom/mq qpid-broker
    qpid-broker-j memphisos/memphis axonserver pravega apache/iggy iggyrs/iggy elasticmq elasticmq-native`,
  ],
  [
    overHttp('a search engine or vector database'),
    `elasticsearch elasticsearch-oss opensearch solr meilisearch typesense qdrant weaviate milvus chromadb/chroma
    chroma-core/chroma vespaengine/vespa vespa marqo zincsearch zinclabs/zinc manticore manticoresearch
    sphinxsearch quickwit valeriansaliou/sonic`,
  ],
  [
    overHttp('a time-series or analytical database'),
    `influxdb influxdb3-core influxdb3-enterprise questdb clickhouse clickhouse-server victoria-metrics victoriametrics
    vmstorage vmsingle victoria-logs opentsdb apache/iotdb iotdb tdengine m3dbnode greptimedb warp10 kairosdb cnosdb
    apache/druid apachepinot/pinot apache/doris doris.be doris.fe starrocks starrocks/allin1-ubuntu
    starrocks/fe-ubuntu starrocks/be-ubuntu databend openobserve graphite graphite-statsd skywalking-banyandb`,
  ],
  [
    overHttp('an object or file store'),
    `minio ceph ceph/daemon ceph/demo seaweedfs dxflrs/garage rustfs zenko/cloudserver scality/cloudserver azurite azure-storage/azurite
    fake-gcs-server s3mock s3ninja leofs`,
  ],
  [
    store('a file or directory server'),
    `nfs-server nfs-server-alpine nfs-ganesha volume-nfs gluster-centos openldap 389ds 389ds/dirsrv osixia/openldap lldap/lldap
    freeipa-server samba samba-ad-dc`,
  ],
];
