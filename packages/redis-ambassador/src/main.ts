import { MemoryBounds, runService } from '@pod-patterns/kit';
import { boundsOf } from './bounds.ts';
import { CommandTable } from './command/command-table.ts';
import { Figures } from './figures.ts';
import { exposeMetrics } from './metrics.ts';
import { Nodes } from './nodes.ts';
import { program } from './options.ts';
import { MemoryBudget } from './policy/memory-budget.ts';
import { Access } from './session/access.ts';
import { Clients } from './session/clients.ts';
import { Listener } from './session/listener.ts';
import { Rejections } from './session/rejections.ts';
import type { SessionServices } from './session/services.ts';
import { keepHeapSmall } from './small-heap.ts';
import { readyz, Status } from './status.ts';
import { standalone } from './topology/topology.ts';
import { Credentials } from './upstream/credentials.ts';
import { pingAfterMs } from './upstream/heartbeat.ts';
import { Turn } from './upstream/turn.ts';
import { Upstream } from './upstream/upstream.ts';

keepHeapSmall();

void runService(program, async ({ config, log, metrics, readiness, routes, resources, cut }) => {
  const now = () => performance.now();
  const bounds = boundsOf(config, new MemoryBounds({ name: program.name, log, metrics }));
  const figures = new Figures();
  const clients = new Clients();
  const links = {
    turn: new Turn(),
    figures,
    now,
    timeoutMs: config.timeout,
    pingAfterMs,
    largeReplyBytes: bounds.largeReply,
  };
  const nodes = new Nodes(
    standalone(config.upstream),
    (endpoint, onInfo) =>
      new Upstream({
        endpoint,
        credentials: new Credentials({ ...endpoint, passwordFile: config.upstreamPasswordFile }),
        services: links,
        log,
        random: Math.random,
        onInfo,
        links: config.connections,
        maxDatabases: config.maxDatabases,
        maxDedicated: bounds.maxDedicated,
        holdMs: Math.min(config.failoverHold, config.timeout),
      }),
  );
  resources.defer(() => nodes.close());

  const services: SessionServices = {
    nodes,
    table: new CommandTable(),
    figures,
    access: new Access(config.clientAuthFile),
    clients,
    rejections: new Rejections(figures, log),
    limits: {
      timeoutMs: config.timeout,
      inFlightBytes: bounds.maxInFlight,
      unreadBytes: bounds.maxUnread,
      largeReplyBytes: bounds.largeReply,
      maxClients: bounds.maxClients,
    },
    memory: new MemoryBudget(bounds.maxMemory, () => clients),
    now,
  };
  const status = resources.use(new Status(services));
  routes.set('/status', { answer: status.answer });
  routes.set('/readyz', { isOpen: true, answer: readyz(readiness, services) });
  exposeMetrics(metrics, services);

  const listener = resources.use(await Listener.open(config.listen, services, { log, cut }));
  log.info('listening', { address: listener.address, upstream: config.upstream.name });
});
