import type { Program, Row } from './program.ts';

const app = (what: string): Program => ({ kind: 'app', what });

/** Programs that pods are there for. */
export const apps: readonly Row[] = [
  [
    app('an application that uses a datastore'),
    `wordpress drupal joomla ghost nextcloud owncloud mediawiki moodle matomo magento prestashop opencart erpnext odoo
    redmine discourse mastodon akkoma pixelfed peertube strapi directus hasura graphql-engine nocodb baserow n8n
    node-red airflow superset metabase redash lightdash gitea forgejo gogs gitlab-ce gitlab-ee mattermost-team-edition
    mattermost-enterprise-edition mattermost rocket.chat zulip synapse dendrite jitsi roundcube roundcubemail sonarqube keycloak
    authentik zitadel logto kratos hydra fusionauth-app dex authelia vaultwarden passbolt snipe-it invoiceninja
    firefly-iii bookstack requarks/wiki outlinewiki/outline hedgedoc etherpad paperless-ngx immich-server photoprism umami plausible
    plausible/community-edition posthog sentry listmonk miniflux freshrss linkding wallabag monica kanboard taiga-back openproject
    wekan planka leantime zabbix-server-mysql zabbix-server-pgsql zabbix-web-nginx-mysql zabbix-web-nginx-pgsql
    netbox guacamole temporal temporalio/auto-setup kestra prefect dagster camunda-bpm-platform mlflow label-studio
    unleash-server flagsmith growthbook harbor-core chatwoot`,
  ],
  [
    app('a console for a datastore'),
    `phpmyadmin adminer pgadmin pgadmin4 mongo-express redis-commander redisinsight kibana opensearch-dashboards
    kafka-ui kafdrop akhq cmak kafka-manager cloudbeaver dbgate sqlpad pgweb chronograf cerebro elasticvue zoonavigator`,
  ],
  [
    app('a program that uses a datastore'),
    `cp-kafka-connect cp-kafka-connect-base debezium/connect kafka-connect cp-schema-registry schema-registry
    apicurio-registry cp-kafka-rest cp-ksqldb-server ksqldb-server kafka-mirror-maker cruise-control`,
  ],
  [
    app('an application in its own right'),
    `grafana prometheus alertmanager thanos cortex mimir loki tempo pyroscope jaeger jaegertracing/all-in-one jaeger-query
    jaeger-collector zipkin vmalert karma jenkins inbound-agent jnlp-slave nexus3 artifactory-oss artifactory-jcr
    registry chartmuseum verdaccio athens vault consul nomad jupyterhub notebook
    minimal-notebook datascience-notebook scipy-notebook code-server rstudio spark flink zeppelin trino presto
    home-assistant jellyfin plex sonarr radarr qbittorrent transmission deluge sabnzbd pihole adguardhome
    unifi-network-application minecraft-server uptime-kuma gotify ntfy syncthing filebrowser whoami podinfo
    localstack step-ca cert-manager-webhook gitlab-runner act_runner echoserver echo-server http-echo httpbin hello-app hello-kubernetes ollama vllm-openai open-webui
    tritonserver tensorflow/serving torchserve coredns metrics-server kubernetes-dashboard kubernetesui/dashboard kube-apiserver
    kube-controller-manager kube-scheduler kube-proxy cluster-autoscaler external-dns nginx-ingress-controller
    nginx-ingress ingress-nginx/controller cert-manager-controller argocd pilot istiod contour
    contour-operator zabbix-agent snapshot-controller cassandra-reaper`,
  ],
];
