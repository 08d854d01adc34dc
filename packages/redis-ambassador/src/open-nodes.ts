import type { Config, Logger } from '@pod-patterns/kit';
import type { boundsOf } from './bounds.ts';
import type { CommandTable } from './command/command-table.ts';
import { keysOf } from './command/keys.ts';
import { readRequest } from './command/request-reader.ts';
import { ClusterDiscovery } from './discovery/cluster-discovery.ts';
import { Ejections } from './discovery/ejection.ts';
import { Replicas } from './discovery/replicas.ts';
import { SentinelDiscovery } from './discovery/sentinel-discovery.ts';
import { Figures } from './figures.ts';
import { Nodes } from './nodes.ts';
import type { program } from './options.ts';
import type { SlowLog } from './policy/slow-log.ts';
import { unknownCluster } from './topology/cluster.ts';
import { Endpoint } from './topology/endpoint.ts';
import { ringTopology } from './topology/ring-url.ts';
import { unknownPrimary } from './topology/sentinel.ts';
import type { Source } from './topology/source.ts';
import { primaryId, standalone, type Topology } from './topology/topology.ts';
import { Credentials } from './upstream/credentials.ts';
import { pingAfterMs } from './upstream/heartbeat.ts';
import type { LinkServices, SlowRequest } from './upstream/link-services.ts';
import type { Turn } from './upstream/turn.ts';
import { Upstream } from './upstream/upstream.ts';

/** Dependencies of the connections to Redis. */
interface Needs {
  readonly config: Config<typeof program.options>;
  readonly bounds: ReturnType<typeof boundsOf>;
  /** Time requests wait for a lost server to return. */
  readonly holdMs: number;
  readonly table: CommandTable;
  readonly log: Logger;
  readonly figures: Figures;
  readonly now: () => number;
  readonly resources: AsyncDisposableStack;
  readonly slowLog: SlowLog;
  readonly turn: Turn;
}

/** Time a topology query waits for a connection. */
const controlHoldMs = 1000;
const silent = () => {};

/** Connects to Redis, and starts discovery of its topology. */
export function openNodes(needs: Needs): Nodes {
  const { config, bounds, log, figures, resources } = needs;
  const { upstream: source } = config;
  const services = { ...linkServices(needs, figures), onSlow: noteSlow(needs) };
  const credentials = new Credentials({ ...source.reach, passwordFile: config.upstreamPasswordFile });
  let ejections: Ejections | undefined;
  const nodes = new Nodes({
    name: source.name,
    topology: topologyOf(source),
    figures,
    endpointAt: (address) => new Endpoint({ ...source.reach, address }),
    open: ({ node, locate, onInfo }) =>
      new Upstream({
        name: source.name,
        locate,
        unknown: source.kind === 'sentinel' ? 'no Sentinel has named its primary' : 'no node has answered',
        isPlaceTold: source.kind === 'standalone',
        isPrimary: source.kind === 'sentinel' && node.id === primaryId,
        // a primary also accepts READONLY, and may become a replica
        isReadOnly: source.kind === 'cluster' && config.readFrom !== 'primary',
        db: source.reach.db,
        onTrouble: () => {
          nodes.hurry();
          ejections?.failed(node.id);
        },
        credentials,
        services,
        log,
        what: 'upstream',
        random: Math.random,
        onInfo: (info) => {
          onInfo(info);
          ejections?.succeeded(node.id);
        },
        links: config.connections ?? connectionsTo(source),
        maxDatabases: config.maxDatabases,
        maxDedicated: bounds.maxDedicated,
        holdMs: needs.holdMs,
      }),
  });
  resources.defer(() => nodes.close());
  if (source.kind === 'ring' && source.ejection !== undefined) {
    ejections = resources.use(new Ejections(source, nodes, source.ejection));
  }
  discover(needs, nodes);
  return nodes;
}

/** Starts to follow the topology, and replicas if they are read from. */
function discover(needs: Needs, nodes: Nodes): void {
  const { config, resources, now } = needs;
  const discovery = findNodes(needs, nodes);
  if (discovery === undefined) return;
  resources.use(discovery);
  nodes.hurry = () => discovery.hurry();
  const { readFrom, maxStaleness: maxStalenessMs } = config;
  if (readFrom !== 'primary') {
    nodes.reads = resources.use(new Replicas({ nodes, readFrom, maxStalenessMs, now }));
  }
}

/** Default connections per server: each costs a read and a write per turn, which pays off only with a single server. */
function connectionsTo({ kind }: Source): number {
  return kind === 'cluster' || kind === 'ring' ? 1 : 2;
}

function topologyOf(source: Source): Topology {
  switch (source.kind) {
    case 'standalone':
      return standalone(source);
    case 'sentinel':
      return unknownPrimary(source);
    case 'cluster':
      return unknownCluster(source.reach);
    case 'ring':
      return ringTopology(source);
  }
}

/** Starts discovery if the URL does not give the address of Redis. */
function findNodes(needs: Needs, nodes: Nodes): SentinelDiscovery | ClusterDiscovery | undefined {
  const { config, figures } = needs;
  const { upstream: source } = config;
  if (source.kind === 'standalone' || source.kind === 'ring') return undefined;
  if (source.kind === 'sentinel') {
    return new SentinelDiscovery({ source, nodes, figures, open: controlOf(needs, 'Sentinel', undefined) });
  }
  const open = controlOf(needs, 'seed', config.upstreamPasswordFile);
  return new ClusterDiscovery({ source, nodes, figures, open });
}

/** Opens connections for topology queries only. */
function controlOf(
  needs: Needs,
  what: string,
  passwordFile: string | undefined,
): (endpoint: Endpoint) => Upstream {
  // topology queries concern no client
  const services = linkServices(needs, new Figures());
  return (endpoint) =>
    new Upstream({
      name: endpoint.name,
      locate: () => endpoint,
      unknown: '',
      isPlaceTold: true,
      isPrimary: false,
      isReadOnly: false,
      db: 0,
      onTrouble: silent,
      credentials: new Credentials({ ...endpoint, passwordFile }),
      services,
      log: needs.log,
      what,
      random: Math.random,
      onInfo: silent,
      links: 1,
      maxDatabases: 1,
      maxDedicated: 1,
      holdMs: controlHoldMs,
    });
}

/** Records a slow request without its values. */
function noteSlow({ slowLog, table }: Needs): (slow: SlowRequest) => void {
  return ({ bytes, durationMs, node, client = '' }) => {
    const request = readRequest(bytes, table);
    const [key] = keysOf(request);
    slowLog.note({
      time: new Date().toISOString(),
      command: request.described.name || request.keyword(0).slice(0, 128),
      key: key === undefined ? null : request.text(key).slice(0, 128),
      node,
      durationMs: Math.round(durationMs * 1000) / 1000,
      client,
    });
  };
}

function linkServices({ config, bounds, now, turn }: Needs, figures: Figures): LinkServices {
  return {
    turn,
    figures,
    now,
    timeoutMs: config.timeout,
    pingAfterMs,
    slowMs: config.slow || Number.POSITIVE_INFINITY,
    largeReplyBytes: bounds.largeReply,
  };
}
