import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { review } from './review.ts';

const folder = join(import.meta.dirname, '../test/examples');

/** Findings in almost every public example; the rules' own tests cover them. */
const bare = /^(missing-limits|restricted-violation|service-account-token-unused|empty-dir-without-limit)$/;

interface Expected {
  readonly verdict: 'fine' | 'inappropriate';
  /** `container: role`, in the order of their start. */
  readonly roles: string;
  /** Further findings, each once. */
  readonly rules: readonly string[];
}

const fine = (roles: string, ...rules: string[]): Expected => ({ verdict: 'fine', roles, rules });
const inappropriate = (roles: string, ...rules: string[]): Expected => ({
  verdict: 'inappropriate',
  roles,
  rules,
});

const plain = 'helper-not-native-sidecar';

const examples: Readonly<Record<string, Expected>> = {
  adapter: fine('main: app, prometheus-adapter: adaptor', 'adaptor-not-scraped', plain),
  'cloud-sql-proxy': fine('cloud-sql-proxy: ambassador, app: app', 'sidecar-without-startup-probe'),
  dapr: fine('order: app, daprd: ambassador', plain),
  'django-celery-redis': inappropriate(
    'web: app, celery-worker: app, broker: datastore',
    'datastore-beside-app',
    'two-apps-in-one-pod',
  ),
  'elasticsearch-and-kibana': inappropriate('elasticsearch: datastore, kibana: app', 'datastore-beside-app'),
  'fluent-bit-per-node': fine('fluent-bit: app'),
  'frontend-and-backend': inappropriate('frontend: app, backend: app', 'two-apps-in-one-pod'),
  'git-sync': fine('web: app, git-sync: sidecar', plain),
  'grafana-and-dashboards': fine('grafana: app, grafana-sc-dashboard: sidecar', plain),
  'init-by-nslookup': fine(
    'init-myservice: init, init-mydb: init, myapp-container: app',
    'init-waits-forever',
  ),
  'istio-injected': fine('istio-init: init, istio-proxy: ambassador, reviews: app'),
  'jenkins-agent': fine('jnlp: app, maven: unknown, docker: unknown'),
  'job-with-native-sidecar': fine('logshipper: sidecar, myjob: app'),
  'job-with-plain-sidecar': fine('report: app, istio-proxy: ambassador', plain),
  'logging-agent': fine('count: app, count-agent: sidecar', plain),
  'mysql-and-xtrabackup': fine('init-mysql: init, mysql: datastore, xtrabackup: sidecar', plain),
  'native-sidecar': fine('logshipper: sidecar, myapp: app'),
  'oauth2-proxy': fine('dashboard: app, oauth2-proxy: ambassador', plain),
  pgbouncer: fine('rails: app, pgbouncer: ambassador', plain),
  'php-fpm-and-nginx': fine('php-fpm: app, nginx: ambassador', plain),
  'prometheus-and-thanos': fine('prometheus: app, config-reloader: sidecar, thanos-sidecar: sidecar', plain),
  'redis-and-exporter': fine('redis: datastore, metrics: adaptor', 'adaptor-not-scraped', plain),
  'shared-volume': fine('nginx-container: app, debian-container: sidecar', plain),
  'streaming-sidecars': fine('count: app, count-log-1: sidecar, count-log-2: sidecar', plain),
  'tls-proxy': fine('api: app, nginx-tls: ambassador', plain),
  twemproxy: fine('app: app, twemproxy: ambassador', plain),
  'vault-agent': fine('vault-agent-init: init, payroll: app, vault-agent: sidecar', plain),
  'vote-and-redis': inappropriate('vote: app, redis: datastore', 'datastore-beside-app'),
  'wordpress-and-mysql': inappropriate('wordpress: app, mysql: datastore', 'datastore-beside-app'),
};

describe('manifests after well-known public examples', () => {
  it.each(Object.entries(examples))('%s', (name, expected) => {
    const { pods, findings } = review([{ name, text: readFileSync(join(folder, `${name}.yaml`), 'utf8') }]);
    const [reviewed] = pods;
    const rules = [...new Set(findings.map(({ rule }) => rule).filter((rule) => !bare.test(rule)))].sort();
    expect({
      verdict: reviewed?.verdict,
      roles: reviewed?.pod.containers.map((container) => `${container.name}: ${container.role}`).join(', '),
      rules,
    }).toEqual(expected);
  });

  it('all have a row in the table', () => {
    expect(
      readdirSync(folder)
        .map((file) => file.replace('.yaml', ''))
        .sort(),
    ).toEqual(Object.keys(examples).sort());
  });

  it('have an error if the pod is inappropriate or never completes', () => {
    const files = Object.keys(examples).map((name) => ({
      name,
      text: readFileSync(join(folder, `${name}.yaml`), 'utf8'),
    }));
    const wrong = review(files)
      .findings.filter(({ severity }) => severity === 'error')
      .map(({ file }) => file);
    const expected = Object.keys(examples).filter(
      (name) => examples[name]?.verdict === 'inappropriate' || name === 'job-with-plain-sidecar',
    );
    expect([...new Set(wrong)]).toEqual(expected.sort());
  });
});
