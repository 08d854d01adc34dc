import { describe, expect, it } from 'vitest';
import { container, documents, web, workload } from '../../testing/manifests.ts';
import { review } from '../review.ts';
import type { Role } from './role.ts';

/**
 * Well-known images with the name that their documentation gives to the container and the port that they listen on
 * (`-` for none), by their role beside an app, according to their own documentation.
 */
const beside: Readonly<Partial<Record<Role, string>>> = {
  datastore: `
    postgres:17 postgres 5432
    bitnami/postgresql:17 postgresql 5432
    postgis/postgis:17-3.5 postgis 5432
    pgvector/pgvector:pg17 pgvector 5432
    timescale/timescaledb:latest-pg17 timescaledb 5432
    ghcr.io/zalando/spilo-16:3.3-p3 spilo 5432
    citusdata/citus:12.1 citus 5432
    cockroachdb/cockroach:v24.3.1 cockroachdb 26257
    mysql:8.4 mysql 3306
    container-registry.oracle.com/mysql/community-server:8.4 mysql 3306
    mariadb:11.4 mariadb 3306
    percona/percona-server:8.0 percona 3306
    percona/percona-xtradb-cluster:8.0 pxc 3306
    mcr.microsoft.com/mssql/server:2022-latest mssql 1433
    mcr.microsoft.com/azure-sql-edge:latest sql-edge 1433
    container-registry.oracle.com/database/free:latest oracle 1521
    gvenzl/oracle-xe:21 oracle 1521
    icr.io/db2_community/db2:11.5.9.0 db2 50000
    firebirdsql/firebird:5 firebird 3050
    monetdb/monetdb:Aug2024 monetdb 50000
    yugabytedb/yugabyte:2.23.0.0-b710 yugabyte 5433
    pingcap/tidb:v8.5.0 tidb 4000
    oceanbase/oceanbase-ce:4.3.3 oceanbase 2881
    ghcr.io/singlestore-labs/singlestoredb-dev:latest singlestore 3306
    tarantool/tarantool:3.2 tarantool 3301
    surrealdb/surrealdb:v2.1 surrealdb 8000
    dolthub/dolt-sql-server:1.44.2 dolt 3306
    rqlite/rqlite:8.36.3 rqlite 4001
    mongo:8.0 mongo 27017
    mongodb/mongodb-community-server:8.0-ubi9 mongodb 27017
    percona/percona-server-mongodb:7.0 mongod 27017
    ghcr.io/ferretdb/ferretdb:1.24.0 ferretdb 27017
    couchdb:3.4 couchdb 5984
    couchbase/server:7.6.4 couchbase 8091
    arangodb:3.12 arangodb 8529
    rethinkdb:2.4 rethinkdb 28015
    ravendb/ravendb:6.2-ubuntu-latest ravendb 8080
    cassandra:5.0 cassandra 9042
    scylladb/scylla:6.2 scylla 9042
    datastax/dse-server:6.9.4 dse 9042
    neo4j:5.26 neo4j 7687
    memgraph/memgraph:2.22.0 memgraph 7687
    dgraph/dgraph:v24.0.5 dgraph 8080
    orientdb:3.2 orientdb 2424
    eventstore/eventstore:24.10 eventstore 2113
    amazon/dynamodb-local:2.5.3 dynamodb 8000
    apache/hbase:2.6 hbase 16000
    aerospike/aerospike-server:7.2 aerospike 3000
    redis:7.4-alpine redis 6379
    redis/redis-stack-server:7.4.0-v1 redis 6379
    bitnami/redis-cluster:7.4 redis-cluster 6379
    valkey/valkey:8.0 valkey 6379
    eqalpha/keydb:alpine_x86_64_v6.3.4 keydb 6379
    docker.dragonflydb.io/dragonflydb/dragonfly:v1.25.6 dragonfly 6379
    ghcr.io/microsoft/garnet:1.0 garnet 6379
    apache/kvrocks:2.10.1 kvrocks 6666
    memcached:1.6-alpine memcached 11211
    hazelcast/hazelcast:5.5 hazelcast 5701
    apacheignite/ignite:2.16.0 ignite 10800
    quay.io/infinispan/server:15.0 infinispan 11222
    quay.io/coreos/etcd:v3.5.17 etcd 2379
    zookeeper:3.9 zookeeper 2181
    rabbitmq:4.0-management rabbitmq 5672
    apache/kafka:3.9.0 kafka 9092
    confluentinc/cp-kafka:7.8.0 kafka 9092
    docker.redpanda.com/redpandadata/redpanda:v24.3.1 redpanda 9092
    apachepulsar/pulsar:4.0.1 pulsar 6650
    apache/activemq-classic:6.1.4 activemq 61616
    nats:2.10 nats 4222
    eclipse-mosquitto:2.0 mosquitto 1883
    emqx/emqx:5.8.3 emqx 1883
    hivemq/hivemq4:4.35.0 hivemq 1883
    vernemq/vernemq:2.0.1 vernemq 1883
    nsqio/nsq:v1.3.0 nsqd 4150
    apache/rocketmq:5.3.1 rocketmq 9876
    icr.io/ibm-messaging/mq:9.4.1.0-r1 mq 1414
    solace/solace-pubsub-standard:10.10 solace 55555
    docker.elastic.co/elasticsearch/elasticsearch:8.17.0 elasticsearch 9200
    opensearchproject/opensearch:2.18.0 opensearch 9200
    solr:9.7 solr 8983
    getmeili/meilisearch:v1.12 meilisearch 7700
    typesense/typesense:27.1 typesense 8108
    qdrant/qdrant:v1.12.5 qdrant 6333
    semitechnologies/weaviate:1.28.1 weaviate 8080
    milvusdb/milvus:v2.5.0 milvus 19530
    chromadb/chroma:0.5.23 chroma 8000
    vespaengine/vespa:8 vespa 8080
    influxdb:2.7 influxdb 8086
    questdb/questdb:8.2.1 questdb 9000
    clickhouse/clickhouse-server:24.12 clickhouse 8123
    victoriametrics/victoria-metrics:v1.108.0 victoria-metrics 8428
    tdengine/tdengine:3.3.4.3 tdengine 6030
    greptime/greptimedb:v0.11.0 greptimedb 4000
    apache/druid:31.0.0 druid 8888
    apachepinot/pinot:1.2.0 pinot 9000
    crate:5.9 crate 4200
    quay.io/minio/minio:RELEASE.2024-12-18T13-15-44Z minio 9000
    chrislusf/seaweedfs:3.80 seaweedfs 8333
    mcr.microsoft.com/azure-storage/azurite:3.33.0 azurite 10000
    fsouza/fake-gcs-server:1.50.2 fake-gcs 4443
    osixia/openldap:1.5.0 openldap 389`,
  ambassador: `
    envoyproxy/envoy:v1.32.2 envoy 10000
    haproxy:3.1-alpine haproxy 8080
    traefik:v3.2 traefik 80
    kong:3.9 kong 8000
    apache/apisix:3.11.0-debian apisix 9080
    varnish:7.6 varnish 80
    docker.io/istio/proxyv2:1.24.2 istio-proxy 15090
    cr.l5d.io/linkerd/proxy:edge-24.11.8 linkerd-proxy 4143
    buoyantio/linkerd:1.7.5 l5d 4140
    hashicorp/consul-dataplane:1.6.1 consul-dataplane 20000
    public.ecr.aws/appmesh/aws-appmesh-envoy:v1.29.12.0-prod envoy 9901
    docker.io/kumahq/kuma-dp:2.9.2 kuma-sidecar 9901
    daprio/daprd:1.14.4 daprd 3500
    quay.io/oauth2-proxy/oauth2-proxy:v7.7.1 oauth2-proxy 4180
    quay.io/openshift/origin-oauth-proxy:4.17 oauth-proxy 8443
    quay.io/brancz/kube-rbac-proxy:v0.18.2 kube-rbac-proxy 8443
    quay.io/prometheuscommunity/prom-label-proxy:v0.11.0 prom-label-proxy 9095
    keycloak/keycloak-gatekeeper:7.0.0 gatekeeper 3000
    pomerium/pomerium:v0.28.0 pomerium 443
    oryd/oathkeeper:v0.40.8 oathkeeper 4455
    owasp/modsecurity-crs:4.9.0-nginx waf 8080
    ghcr.io/techarohq/anubis:v1.16.0 anubis 8923
    gcr.io/endpoints-release/endpoints-runtime:2 esp 8081
    cloudflare/cloudflared:2024.12.2 cloudflared -
    ngrok/ngrok:3-alpine ngrok -
    ghcr.io/tailscale/tailscale:v1.78.3 tailscale -
    qmcgaw/gluetun:v3.40.0 gluetun 8888
    linuxserver/wireguard:1.0.20210914 wireguard 51820
    gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.2 cloud-sql-proxy 5432
    gcr.io/cloudsql-docker/gce-proxy:1.37.5 cloudsql-proxy 3306
    gcr.io/alloydb-connectors/alloydb-auth-proxy:1.12.0 alloydb-proxy 5432
    bitnami/pgbouncer:1.23.1 pgbouncer 6432
    edoburu/pgbouncer:v1.23.1-p2 pgbouncer 5432
    bitnami/pgpool:4.5.4 pgpool 5432
    ghcr.io/postgresml/pgcat:v1.2.0 pgcat 6432
    proxysql/proxysql:2.7.1 proxysql 6033
    mariadb/maxscale:24.02 maxscale 4006
    container-registry.oracle.com/mysql/community-router:8.4 mysql-router 6446
    mcrouter/mcrouter:latest mcrouter 11211
    malexer/twemproxy:0.5.0 twemproxy 22121
    squidproxy/squid:6.6 squid 3128
    ubuntu/squid:6.6-24.04_beta squid 3128
    public.ecr.aws/aws-observability/aws-sigv4-proxy:1.8 sigv4-proxy 8080
    grepplabs/kafka-proxy:v0.3.12 kafka-proxy 32400
    ghcr.io/ghostunnel/ghostunnel:v1.8.2 ghostunnel 8443
    dweomer/stunnel:latest stunnel 6380
    alpine/socat:1.8.0.0 socat 8080
    ghcr.io/shopify/toxiproxy:2.11.0 toxiproxy 8474
    boky/postfix:v4.3.0 postfix 587
    envoyproxy/ratelimit:26f28d78 ratelimit 8081
    fabiolb/fabio:1.6.4 fabio 9999
    registry.opensource.zalan.do/teapot/skipper:v0.21.223 skipper 9090
    cyberark/secretless-broker:1.7.26 secretless 3306
    datawire/ambassador:1.14.4 ambassador 8080`,
  adaptor: `
    prom/statsd-exporter:v0.28.0 statsd-exporter 9102
    prom/node-exporter:v1.8.2 node-exporter 9100
    prom/mysqld-exporter:v0.16.0 mysqld-exporter 9104
    prom/memcached-exporter:v0.15.0 memcached-exporter 9150
    prom/blackbox-exporter:v0.25.0 blackbox-exporter 9115
    prom/graphite-exporter:v0.16.0 graphite-exporter 9108
    prom/pushgateway:v1.10.0 pushgateway 9091
    quay.io/prometheuscommunity/postgres-exporter:v0.16.0 metrics 9187
    oliver006/redis_exporter:v1.67.0 redis-exporter 9121
    percona/mongodb_exporter:0.43.0 mongodb-exporter 9216
    kbudde/rabbitmq-exporter:1.0.0 rabbitmq-exporter 9419
    danielqsj/kafka-exporter:v1.8.0 kafka-exporter 9308
    nginx/nginx-prometheus-exporter:1.4.0 nginx-exporter 9113
    hipages/php-fpm_exporter:2.2.0 php-fpm-exporter 9253
    bitnami/jmx-exporter:1.0.1 jmx-exporter 5556
    lusotycoon/apache-exporter:v1.0.9 apache-exporter 9117
    gcr.io/cadvisor/cadvisor:v0.49.1 cadvisor 8080
    registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.14.0 kube-state-metrics 8080
    gke.gcr.io/prometheus-to-sd:v0.11.12 prometheus-to-sd -
    registry.k8s.io/prometheus-adapter/prometheus-adapter:v0.12.0 prometheus-adapter 6443
    otel/opentelemetry-collector:0.116.1 otel-collector 4317
    otel/opentelemetry-collector-contrib:0.116.1 otc-container 4318
    public.ecr.aws/aws-observability/aws-otel-collector:v0.41.2 aws-otel-collector 4317
    quay.io/signalfx/splunk-otel-collector:0.115.0 splunk-otel 4317
    datadog/agent:7.60.0 datadog-agent 8126
    gcr.io/datadoghq/agent:7.60.0 agent 8125
    public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300051.0b992 cloudwatch-agent 25888
    public.ecr.aws/xray/aws-xray-daemon:3.3.14 xray-daemon 2000
    jaegertracing/jaeger-agent:1.57 jaeger-agent 6831
    newrelic/infrastructure:1.59.0 newrelic-infra -
    docker.elastic.co/beats/elastic-agent:8.17.0 elastic-agent 6789
    docker.elastic.co/beats/metricbeat:8.17.0 metricbeat -
    docker.elastic.co/apm/apm-server:8.17.0 apm-server 8200
    telegraf:1.33 telegraf 8094
    grafana/agent:v0.43.4 grafana-agent 12345
    grafana/alloy:v1.5.1 alloy 12345
    victoriametrics/vmagent:v1.108.0 vmagent 8429
    atlassianlabs/gostatsd:40.0.1 gostatsd 8125
    statsd/statsd:v0.10.2 statsd 8125
    netdata/netdata:v2.1 netdata 19999`,
  sidecar: `
    fluent/fluentd:v1.17-1 fluentd 24224
    fluent/fluent-bit:3.2.3 fluent-bit 2020
    public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.4 fluent-bit -
    fluent/fluentd-kubernetes-daemonset:v1.17-debian-elasticsearch8-1 fluentd -
    docker.elastic.co/beats/filebeat:8.17.0 filebeat 5066
    docker.elastic.co/logstash/logstash:8.17.0 logstash 5044
    timberio/vector:0.43.1-alpine vector 8686
    grafana/promtail:3.3.2 promtail 9080
    splunk/universalforwarder:9.4 splunk-forwarder 8089
    balabit/syslog-ng:4.8.0 syslog-ng 514
    rsyslog/rsyslog-collector:latest rsyslog 514
    registry.k8s.io/git-sync/git-sync:v4.4.0 git-sync 2020
    kiwigrid/k8s-sidecar:1.28.4 grafana-sc-dashboard -
    ghcr.io/jimmidyson/configmap-reload:v0.14.0 configmap-reload 9533
    quay.io/prometheus-operator/prometheus-config-reloader:v0.79.2 config-reloader 8080
    hashicorp/consul-template:0.39.1 consul-template -
    hashicorp/vault-k8s:1.6.2 vault-agent 8080
    certbot/certbot:v3.0.1 certbot -
    goacme/lego:v4.21.0 lego -
    ghcr.io/spiffe/spire-agent:1.11.1 spire-agent -
    ghcr.io/spiffe/spiffe-helper:0.8.0 spiffe-helper -
    cyberark/secrets-provider-for-k8s:1.7.4 secrets-provider -
    cyberark/conjur-authn-k8s-client:0.26.4 authenticator -
    litestream/litestream:0.3.13 litestream 9090
    restic/restic:0.17.3 restic -
    rclone/rclone:1.68.2 rclone 5572
    percona/percona-xtrabackup:8.0.35 xtrabackup -
    prodrigestivill/postgres-backup-local:17 backup 8080
    pgbackrest/pgbackrest:2.54 pgbackrest 8432
    registry.k8s.io/sig-storage/csi-provisioner:v5.1.0 csi-provisioner 8080
    registry.k8s.io/sig-storage/csi-attacher:v4.8.0 csi-attacher -
    registry.k8s.io/sig-storage/csi-resizer:v1.13.1 csi-resizer -
    registry.k8s.io/sig-storage/csi-snapshotter:v8.2.0 csi-snapshotter -
    registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.13.0 node-driver-registrar -
    registry.k8s.io/sig-storage/livenessprobe:v2.15.0 liveness-probe 9808
    gke.gcr.io/gcs-fuse-csi-driver-sidecar-mounter:v1.7.1 gke-gcsfuse-sidecar -
    registry.k8s.io/autoscaling/addon-resizer:1.8.23 addon-resizer -
    gcr.io/google_containers/leader-elector:0.5 leader-elector 4040
    openpolicyagent/opa:0.70.0 opa 8181
    openpolicyagent/opa:0.70.0-envoy opa-envoy 9191
    openpolicyagent/kube-mgmt:9.0.1 kube-mgmt -
    ghcr.io/cerbos/cerbos:0.40.0 cerbos 3592
    thomseddon/traefik-forward-auth:2.2 traefik-forward-auth 4181
    gcr.io/istio-testing/ext-authz:latest ext-authz 8000
    moby/buildkit:v0.18.2-rootless buildkitd 1234
    browserless/chrome:1.61.1-chrome-stable browserless 3000
    selenium/standalone-chrome:131.0 selenium 4444
    chromedp/headless-shell:133.0 headless-shell 9222
    gotenberg/gotenberg:8.15.2 gotenberg 3000
    grafana/grafana-image-renderer:3.11.6 renderer 8081
    apache/tika:3.0.0.0 tika 9998
    clamav/clamav:1.4.1 clamav 3310
    darthsim/imgproxy:v3.27.0 imgproxy 8080
    yuzutech/kroki:0.26.0 kroki 8000
    guacamole/guacd:1.5.5 guacd 4822
    ghcr.io/open-feature/flagd:v0.11.5 flagd 8013
    mailhog/mailhog:v1.0.1 mailhog 1025
    axllent/mailpit:v1.21 mailpit 8025
    falcosecurity/falco:0.39.2 falco 8765
    karlkfi/kubexit:latest kubexit -
    projectcontour/contour:v1.30.1 shutdown-manager 8090 --command=contour,envoy,shutdown-manager
    quay.io/thanos/thanos:v0.37.2 thanos-sidecar 10901 --args=sidecar
    hashicorp/vault:1.18.3 vault-agent - --args=agent
    redis:7.4 sentinel 26379 --command=redis-sentinel`,
};

/** Images of apps, each beside a helper. */
const apps = `
  wordpress:6.7-apache wordpress 80
  drupal:11 drupal 80
  ghost:5 ghost 2368
  nextcloud:30-apache nextcloud 80
  mediawiki:1.43 mediawiki 80
  moodlehq/moodle-php-apache:8.3 moodle 80
  gitea/gitea:1.22.6 gitea 3000
  gitlab/gitlab-ce:17.7.0-ce.0 gitlab 80
  jenkins/jenkins:2.479.2-lts jenkins 8080
  sonarqube:10.7-community sonarqube 9000
  sonatype/nexus3:3.75.1 nexus 8081
  quay.io/keycloak/keycloak:26.0.7 keycloak 8080
  ghcr.io/dexidp/dex:v2.41.1 dex 5556
  grafana/grafana:11.4.0 grafana 3000
  prom/prometheus:v3.0.1 prometheus 9090
  prom/alertmanager:v0.27.0 alertmanager 9093
  grafana/loki:3.3.2 loki 3100
  grafana/tempo:2.6.1 tempo 3200
  jaegertracing/all-in-one:1.64.0 jaeger 16686
  openzipkin/zipkin:3.4 zipkin 9411
  docker.elastic.co/kibana/kibana:8.17.0 kibana 5601
  opensearchproject/opensearch-dashboards:2.18.0 dashboards 5601
  phpmyadmin:5.2 phpmyadmin 80
  adminer:4.8.1 adminer 8080
  dpage/pgadmin4:8.14 pgadmin 80
  mongo-express:1.0.2 mongo-express 8081
  rediscommander/redis-commander:latest redis-commander 8081
  redis/redisinsight:2.64 redisinsight 5540
  provectuslabs/kafka-ui:v0.7.2 kafka-ui 8080
  confluentinc/cp-schema-registry:7.8.0 schema-registry 8081
  confluentinc/cp-kafka-connect:7.8.0 kafka-connect 8083
  apache/airflow:2.10.4 airflow 8080
  apache/superset:4.1.1 superset 8088
  metabase/metabase:v0.52.4 metabase 3000
  n8nio/n8n:1.72.1 n8n 5678
  nodered/node-red:4.0.8 node-red 1880
  hasura/graphql-engine:v2.45.1 hasura 8080
  directus/directus:11.3.5 directus 8055
  rocket.chat:7.1.0 rocketchat 3000
  mattermost/mattermost-team-edition:10.3 mattermost 8065
  matrixdotorg/synapse:v1.121.1 synapse 8008
  vaultwarden/server:1.32.7 vaultwarden 80
  odoo:18.0 odoo 8069
  redmine:6.0 redmine 3000
  temporalio/auto-setup:1.25.2 temporal 7233
  registry:2.8.3 registry 5000
  lscr.io/linuxserver/qbittorrent:5.0.3 qbittorrent 8080
  homeassistant/home-assistant:2024.12 home-assistant 8123
  jellyfin/jellyfin:10.10.3 jellyfin 8096
  itzg/minecraft-server:2024.12.1 minecraft 25565
  jupyter/minimal-notebook:2024-12-23 notebook 8888
  ghcr.io/stefanprodan/podinfo:6.7.1 podinfo 9898
  kennethreitz/httpbin:latest httpbin 80
  ollama/ollama:0.5.4 ollama 11434
  nginx:1.27 nginx 80
  httpd:2.4 httpd 80
  caddy:2.8 caddy 80
  tomcat:10.1 tomcat 8080
  php:8.3-apache php 80
  node:22 node 3000
  python:3.13 python 8000`;

interface Row {
  readonly image: string;
  readonly name: string;
  readonly role: Role;
  readonly more: Readonly<Record<string, unknown>>;
}

function rows(text: string, role: Role): Row[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [image = '', name = '', port = '-', started = ''] = line.trim().split(' ');
      const [, list, words = ''] = /^--(command|args)=(.*)$/.exec(started) ?? [];
      return {
        image,
        name,
        role,
        more: {
          ...(port === '-' ? {} : { ports: [{ containerPort: Number(port) }] }),
          ...(list === undefined ? {} : { [list]: words.split(',') }),
        },
      };
    });
}

const table = [
  ...Object.entries(beside).flatMap(([role, text]) => rows(text, role as Role)), // the keys of the record above
  ...rows(apps, 'app'),
];

function roleOf({ image, name, role, more }: Row): string | undefined {
  const helper = container('fluent-bit', 'fluent/fluent-bit:3.2.3');
  const neighbour = role === 'app' ? helper : web;
  const object = workload({ containers: [container(name, image, more), neighbour] }, { name: 'shop' });
  const [reviewed] = review([{ name: 'x.yaml', text: documents([object]) }]).pods;
  return reviewed?.pod.containers[0]?.role;
}

describe('well-known images', () => {
  it('are listed once each', () => {
    expect(table.length).toBeGreaterThan(250);
    const keys = table.map(({ image, more }) => image + JSON.stringify(more));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each(['their usual name', 'a name that says nothing'])('have their role under %s', (named) => {
    const wrong = table
      .map((row) => (named === 'their usual name' ? row : { ...row, name: 'c' }))
      .map((row) => ({ row, role: roleOf(row) }))
      .filter(({ row, role }) => role !== row.role)
      .map(({ row, role }) => `${row.image} ${row.name}: ${role}, not ${row.role}`);
    expect(wrong).toEqual([]);
  });
});
