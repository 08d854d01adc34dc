import type { Config, Logger } from '@pod-patterns/kit';
import type { boundsOf } from './bounds.ts';
import { SentinelDiscovery } from './discovery/sentinel-discovery.ts';
import { Figures } from './figures.ts';
import { Nodes } from './nodes.ts';
import type { program } from './options.ts';
import { unknownPrimary } from './topology/sentinel.ts';
import type { Sentinels } from './topology/source.ts';
import { standalone } from './topology/topology.ts';
import { Credentials } from './upstream/credentials.ts';
import { pingAfterMs } from './upstream/heartbeat.ts';
import type { LinkServices } from './upstream/link-services.ts';
import { Turn } from './upstream/turn.ts';
import { Upstream } from './upstream/upstream.ts';

/** What the connections to Redis need of the program. */
interface Needs {
  readonly config: Config<typeof program.options>;
  readonly bounds: ReturnType<typeof boundsOf>;
  readonly log: Logger;
  readonly figures: Figures;
  readonly now: () => number;
  readonly resources: AsyncDisposableStack;
}

/** How long a question to a Sentinel waits for a connection. */
const controlHoldMs = 1000;

/** Opens the connections to where Redis is, and finds out where that is, on and on. */
export function openNodes(needs: Needs): Nodes {
  const { config, bounds, log, figures, resources } = needs;
  const { upstream: source } = config;
  const links = linkServices(needs, figures);
  let discovery: SentinelDiscovery | undefined;
  const topology = source.kind === 'standalone' ? standalone(source) : unknownPrimary(source);
  const nodes = new Nodes(
    topology,
    ({ locate, onInfo }) =>
      new Upstream({
        name: source.name,
        locate,
        isPrimary: source.kind === 'sentinel',
        db: source.reach.db,
        onTrouble: () => discovery?.hurry(),
        credentials: new Credentials({ ...source.reach, passwordFile: config.upstreamPasswordFile }),
        services: links,
        log,
        what: 'upstream',
        random: Math.random,
        onInfo,
        links: config.connections,
        maxDatabases: config.maxDatabases,
        maxDedicated: bounds.maxDedicated,
        holdMs: Math.min(config.failoverHold, config.timeout),
      }),
  );
  resources.defer(() => nodes.close());
  if (source.kind === 'sentinel') discovery = resources.use(findPrimary(needs, source, nodes));
  return nodes;
}

function findPrimary(needs: Needs, source: Sentinels, nodes: Nodes): SentinelDiscovery {
  // what is asked there is no business of clients
  const services = linkServices(needs, new Figures());
  const { log, figures } = needs;
  return new SentinelDiscovery({
    source,
    nodes,
    figures,
    open: (endpoint) =>
      new Upstream({
        name: endpoint.name,
        locate: () => endpoint,
        isPrimary: false,
        db: 0,
        onTrouble: () => {},
        credentials: new Credentials({ ...endpoint, passwordFile: undefined }),
        services,
        log,
        what: 'Sentinel',
        random: Math.random,
        onInfo: () => {},
        links: 1,
        maxDatabases: 1,
        maxDedicated: 1,
        holdMs: controlHoldMs,
      }),
  });
}

function linkServices({ config, bounds, now }: Needs, figures: Figures): LinkServices {
  return {
    turn: new Turn(),
    figures,
    now,
    timeoutMs: config.timeout,
    pingAfterMs,
    largeReplyBytes: bounds.largeReply,
  };
}
