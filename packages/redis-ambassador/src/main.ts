import { MemoryBounds, runService, type ServiceContext, sendJson } from '@pod-patterns/kit';
import { boundsOf } from './bounds.ts';
import { CommandTable } from './command/command-table.ts';
import { withDenied } from './command/denied.ts';
import { Figures } from './figures.ts';
import { keyReport } from './key-reports.ts';
import { exposeMetrics } from './metrics.ts';
import { openNodes } from './open-nodes.ts';
import { findFaults, program } from './options.ts';
import { HotKeys } from './policy/hot-keys.ts';
import { MemoryBudget } from './policy/memory-budget.ts';
import { SlowLog } from './policy/slow-log.ts';
import { Access } from './session/access.ts';
import { Clients } from './session/clients.ts';
import { Listener } from './session/listener.ts';
import { Rejections } from './session/rejections.ts';
import type { SessionServices } from './session/services.ts';
import { keepHeapSmall } from './small-heap.ts';
import { readyz, Status } from './status.ts';
import { topologyReport } from './topology-report.ts';
import { Turn } from './upstream/turn.ts';

keepHeapSmall();

async function start(context: ServiceContext<typeof program.options>): Promise<void> {
  const { config, log, metrics, resources, cut } = context;
  const now = () => performance.now();
  const bounds = boundsOf(config, new MemoryBounds({ name: program.name, log, metrics }));
  const figures = new Figures();
  const clients = new Clients();
  const slowLog = new SlowLog();
  const turn = new Turn();
  const table = new CommandTable(withDenied(config.deny ?? []));
  const holdMs = Math.min(config.failoverHold, config.timeout);
  const nodes = openNodes({ config, bounds, holdMs, table, log, figures, now, resources, slowLog, turn });

  const services: SessionServices = {
    nodes,
    table,
    hotKeys: new HotKeys(now),
    figures,
    access: new Access(config.clientAuthFile),
    clients,
    rejections: new Rejections(figures, log),
    limits: {
      timeoutMs: config.timeout,
      holdMs,
      inFlightBytes: bounds.maxInFlight,
      unreadBytes: bounds.maxUnread,
      largeReplyBytes: bounds.largeReply,
      maxClients: bounds.maxClients,
    },
    memory: new MemoryBudget(bounds.maxMemory, () => clients),
    turn,
    now,
  };
  serveReports(context, services, slowLog);
  exposeMetrics(metrics, services);

  const listener = resources.use(await Listener.open(config.listen, services, { log, cut }));
  log.info('listening', { address: listener.address, upstream: config.upstream.name });
}

function serveReports(
  { routes, resources, readiness }: ServiceContext<typeof program.options>,
  services: SessionServices,
  slowLog: SlowLog,
): void {
  const status = resources.use(new Status(services));
  routes.set('/status', { answer: status.answer });
  routes.set('/topology', { answer: (_, response) => sendJson(response, 200, topologyReport(services)) });
  routes.set('/slow', { answer: keyReport(() => slowLog.report()) });
  routes.set('/hot-keys', { answer: keyReport(() => services.hotKeys.report()) });
  routes.set('/readyz', { isOpen: true, answer: readyz(readiness, services) });
}

void runService(program, start, { findFaults });
