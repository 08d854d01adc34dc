import type { Spoken } from './role.ts';

const controllers = 'operator controller manager';

/** Words for a purpose in the names of containers and images. */
const words: Readonly<Record<Spoken, string>> = {
  adaptor: `exporter exporters metrics metric statsd adaptor adapter otel otelcol telemetry collector tracing tracer
    monitoring jmx scraper apm`,
  ambassador: `proxy proxies ambassador envoy limiter ratelimit ratelimiter gateway tls ssl mesh tunnel lb loadbalancer
    balancer oauth oauth2 waf vpn bouncer relay router forwarder`,
  sidecar: `sidecar log logs logger logging shipper tailer streamer agent sync syncer reload reloader refresher watcher
    watch helper backup backups dump dumper restore snapshotter snapshots groomer cleaner cleanup janitor pruner
    logrotate rotator init setup bootstrap seed seeder resizer provisioner attacher registrar fetcher
    downloader uploader puller pull renewer injector elector replicator authz policy dind certs healthcheck liveness
    terminator sentinel monit monitor status`,
  datastore: 'db database datastore postgres postgresql mysql mariadb mongo mongodb redis',
  app: `app main web api server frontend front backend back worker ui service consumer scheduler site portal webapp
    gui ${controllers}`,
};

const roleOf: ReadonlyMap<string, Spoken> = new Map(
  (Object.entries(words) as [Spoken, string][]) // the keys of the record above
    .flatMap(([role, text]) => text.split(/\s+/).map((word) => [word, role] as const)),
);

export interface WordSign {
  readonly role: Spoken;
  readonly word: string;
  /** Whether it is the last word, which names the thing: a redis exporter is an exporter. */
  readonly isHead: boolean;
  readonly isController: boolean;
}

/** Evidence from the words of a name, the strongest of each role. */
export function signsOfName(name: string): WordSign[] {
  const parts = name
    .toLowerCase()
    .split(/[-_.]/)
    .map((part) => part.replace(/\d{1,4}$/, ''))
    .filter((part) => part !== '' && part !== 'v')
    .slice(0, 12);
  const signs = new Map<Spoken, WordSign>();
  for (const [index, word] of parts.entries()) {
    const role = roleOf.get(word);
    const isHead = index === parts.length - 1;
    const isController = controllers.includes(word);
    if (role !== undefined) signs.set(role, { role, word, isHead, isController });
  }
  const ships = signs.get('sidecar');
  // a router, forwarder or collector of logs ships them
  if (ships !== undefined && /^log/.test(ships.word)) {
    signs.set('sidecar', { ...ships, isHead: true });
    signs.delete('ambassador');
    signs.delete('adaptor');
  }
  return [...signs.values()];
}
