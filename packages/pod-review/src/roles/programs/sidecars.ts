import type { Program, Row } from './program.ts';

const sidecar = (what: string, more: Partial<Program> = {}): Program => ({ kind: 'sidecar', what, ...more });

export const shipsLogs = 'ships logs';

/** Programs that serve the container beside them. */
export const sidecars: readonly Row[] = [
  [
    sidecar(shipsLogs),
    `fluentd fluentd-kubernetes-daemonset fluentd-gcp fluentd-hec fluentd-elasticsearch fluent-bit fluentbit aws-for-fluent-bit
    fluent-bit-plugin-loki td-agent filebeat vector timberio/vector promtail logstash logstash-oss rsyslog rsyslog-collector syslog-ng
    log-shipper logshipper log-agent log-router log-forwarder log-collector log-tailer logspout universalforwarder
    logrotate docker-logrotate cribl nxlog-ce nxlog`,
  ],
  [
    sidecar('fetches or reloads what the container beside it serves'),
    `git-sync gitsync configmap-reload prometheus-config-reloader config-reloader nginx-reloader thanos-rule-syncer
    consul-template consul-k8s-control-plane confd envconsul certbot lego acme.sh spiffe-helper`,
  ],
  [
    sidecar('fetches from the Kubernetes API for the container beside it', { usesToken: true }),
    `k8s-sidecar kiwigrid/k8s-sidecar reloader kube-mgmt leader-elector addon-resizer cluster-proportional-autoscaler
    kubexit kubernetes-ingress-controller`,
  ],
  [
    sidecar('fetches secrets for the container beside it', { usesToken: true }),
    `vault-agent vault-k8s vault-env bank-vaults conjur-authn-k8s-client 
    secrets-provider-for-k8s spire-agent`,
  ],
  [
    sidecar('copies data away or back'),
    `litestream restic rclone velero wal-g wal-e pgbackrest barman xtrabackup percona-xtrabackup mydumper
    postgres-backup-local postgres-backup-s3 postgres-backup mysql-backup mariadb-backup mongodb-backup
    percona-backup-mongodb redis-backup etcd-backup-restore etcd-backup etcdbrctl k8up wrestic stash kanister-tools
    kopia mgob mysql-cron-backup docker-volume-backup duplicity borgmatic cassandra-medusa`,
  ],
  [
    sidecar('a helper of a storage driver', { usesToken: true }),
    `csi-provisioner external-provisioner csi-attacher external-attacher csi-resizer external-resizer csi-snapshotter
    external-snapshotter csi-node-driver-registrar node-driver-registrar csi-cluster-driver-registrar livenessprobe
    csi-external-health-monitor-controller volume-modifier-for-k8s gcs-fuse-csi-driver-sidecar-mounter`,
  ],
  [
    sidecar('decides who may do what'),
    `opa opa-envoy-plugin opa-istio opa-envoy ext-authz ext_authz extauth cerbos topaz traefik-forward-auth
    nginx-ldap-auth pdp-v2 openfga spicedb`,
  ],
  [
    sidecar('a service that the container beside it calls'),
    `dind docker-dind dind-rootless buildkit buildkitd browserless browserless/chrome browserless/chromium alpine-chrome headless-shell standalone-chrome
    standalone-chromium standalone-firefox selenium gotenberg grafana-image-renderer tika apache/tika languagetool
    clamav clamav-debian imgproxy imaginary thumbor kroki plantuml-server guacd flagd go-feature-flag mailhog mailpit maildev splash`,
  ],
  [
    sidecar('watches the container beside it'),
    `falco falcosidekick crowdsec wazuh-agent redis-sentinel supercronic ofelia k8s-dns-sidecar
    aquasec/enforcer openssh-server sftp amazon-ssm-agent ssm-agent amazon-ecs-agent teleport-agent pyroscope-agent loki-canary`,
  ],
  [sidecar('ends or starts what stands beside it'), 'argoexec shutdown-manager scuttle linkerd-await'],
];
