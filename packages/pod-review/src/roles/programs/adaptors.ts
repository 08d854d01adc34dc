import type { Program, Row } from './program.ts';

const adaptor = (what: string): Program => ({ kind: 'adaptor', what });

/** Programs that translate an app's telemetry for a monitoring system. */
export const adaptors: readonly Row[] = [
  [
    adaptor('translates telemetry for a monitoring system'),
    `statsd statsd-exporter statsd_exporter statsd-adaptor statsd-adapter dogstatsd gostatsd veneur
    brubeck statsite carbon-relay carbon-c-relay carbon-relay-ng graphite-exporter graphite_exporter telegraf collectd
    jmxtrans jolokia pushgateway prom-pushgateway prom-aggregation-gateway prometheus-adapter
    k8s-prometheus-adapter custom-metrics-stackdriver-adapter stackdriver-adapter prometheus-to-sd prom-to-sd
    kube-state-metrics node-exporter cadvisor heapster burrow vmagent wavefront-proxy wavefronthq/proxy tanzu_observability/proxy metricbeat
    packetbeat beats/heartbeat apm-server netdata pmm-client`,
  ],
  [
    adaptor('collects telemetry for a monitoring system'),
    `otelcol otelcol-contrib opentelemetry-collector opentelemetry-collector-contrib opentelemetry-collector-k8s
    otel-collector otel-collector-contrib aws-otel-collector
    splunk-otel-collector signoz-otel-collector datadog-agent datadog/agent datadoghq/agent datadog-cluster-agent
    datadog/cluster-agent newrelic-infrastructure newrelic/infrastructure newrelic-infra
    nri-kubernetes oneagent dynatrace-oneagent elastic-agent cloudwatch-agent amazon-cloudwatch-agent xray-daemon
    aws-xray-daemon jaeger-agent jaegertracing/jaeger-agent signalfx-agent instana/agent sysdig/agent
    appdynamics/machine-agent machine-agent grafana-agent grafana/agent grafana/alloy alloy beyla parca-agent
    containerinsights/ciprod stackdriver-agent honeycomb-kubernetes-agent`,
  ],
];
