import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { AdminGuard } from '../admin/guard.ts';
import { KnownFigures } from '../admin/known-figures.ts';
import { Readiness } from '../admin/readiness.ts';
import type { AdminRoute } from '../admin/route.ts';
import { startAdminServer } from '../admin/server.ts';
import { CodedError, describeError, exitCode } from '../errors.ts';
import { createLogger, type Logger } from '../logging/logger.ts';
import { memoryUse } from '../memory/memory-use.ts';
import type { ServiceConfig } from '../options/common.ts';
import type { Config, OptionSet, Program } from '../options/option.ts';
import { type Answer, configure, type FindFaults } from './configure.ts';
import { aborted, onStopSignals } from './stop.ts';

/** The context of a starting service. */
export interface ServiceContext<Options extends OptionSet> {
  readonly config: Config<Options>;
  readonly log: Logger;
  /** Served at `/metrics` of the admin port. */
  readonly metrics: Registry;
  readonly readiness: Readiness;
  /** Further paths of the admin port. */
  readonly routes: Map<string, AdminRoute>;
  /** Resources of the service, closed in reverse order; disposing a resource drains it. */
  readonly resources: AsyncDisposableStack;
  /** Aborts at the first SIGTERM or SIGINT; disposal starts right after. */
  readonly stopping: AbortSignal;
  /** Aborts when the time to drain is over: cut the remaining work; a moment is left to report it. */
  readonly cut: AbortSignal;
}

/** Steps before a service starts. */
export interface Preparation<Options extends OptionSet> {
  /** Also for `--check-config`. */
  readonly findFaults?: FindFaults<Options>;
  /** Text to print instead of running. */
  readonly answer?: Answer<Options>;
  /** Guard of the admin port. */
  readonly guardOf?: (config: Config<Options>, log: Logger) => AdminGuard | undefined;
}

/**
 * Runs a service from its command line to its exit: 0 after a stop, else one of `exitCode`.
 * Order: signal handlers, options, admin port, `start`; at a stop the reverse.
 * `start` opens its resources on the context's stack and returns when it is ready to serve.
 */
export async function runService<Options extends OptionSet>(
  program: Program<Options>,
  start: (context: ServiceContext<Options>) => void | Promise<void>,
  { findFaults, answer, guardOf }: Preparation<Options> = {},
): Promise<never> {
  const { stopping } = onStopSignals();
  const { config } = await configure(program, findFaults, answer);
  // `serviceOptions` declares these for every service; Program only knows them as options
  const common = config as unknown as ServiceConfig;
  const log = createLogger({ component: program.name, level: common.logLevel, format: common.logFormat });
  process.on('uncaughtException', (error) => end(log, error));

  const cut = new AbortController();
  const metrics = createMetrics(program);
  const readiness = new Readiness();
  const routes = new Map<string, AdminRoute>();
  const resources = new AsyncDisposableStack();
  const context = { config, log, metrics, readiness, routes, resources, stopping, cut: cut.signal };
  readiness.unready('start', 'starting');
  try {
    await openAdminPort(program, context, { common, guard: guardOf?.(config, log) });
    await start(context);
    readiness.ready('start');
    log.info('started', { version: program.version });
  } catch (error) {
    end(log, error);
  }

  await aborted(stopping);
  readiness.unready('stop', 'stopping');
  log.info('stopping', { signal: stopping.reason, timeoutMs: common.shutdownTimeout });
  await drain(resources, cut, common.shutdownTimeout).catch((error: unknown) => end(log, error));
  log.info('stopped');
  process.exit(exitCode.ok);
}

/** Opens the admin port first, so that it closes last. */
async function openAdminPort<Options extends OptionSet>(
  { name, version }: Program,
  { log, metrics, readiness, routes, resources }: ServiceContext<Options>,
  { common, guard }: { readonly common: ServiceConfig; readonly guard: AdminGuard | undefined },
): Promise<void> {
  const { adminListen: listen, adminOpen: isOpenToAll } = common;
  const admin = await startAdminServer({
    name,
    version,
    listen,
    metrics,
    readiness,
    routes,
    isOpenToAll,
    guard,
  });
  resources.use(admin);
  log.info('admin port open', { address: admin.address });
}

/** Closes everything; aborts `cut` shortly before the deadline, and fails at the deadline. */
async function drain(
  resources: AsyncDisposableStack,
  cut: AbortController,
  timeoutMs: number,
): Promise<void> {
  const soon = setTimeout(() => cut.abort('shutdown timeout'), timeoutMs - Math.min(1000, timeoutMs / 5));
  const { promise: late, reject } = Promise.withResolvers<never>();
  const over = setTimeout(
    () => reject(new CodedError('shutdown-timeout', `shutdown not finished within ${timeoutMs} ms`)),
    timeoutMs,
  );
  try {
    await Promise.race([resources.disposeAsync(), late]);
  } finally {
    clearTimeout(soon);
    clearTimeout(over);
  }
}

function createMetrics({ name, version }: Program): Registry {
  const metrics = new KnownFigures();
  collectDefaultMetrics({ register: metrics });
  // gauges with names of counters; the same metrics without _total have the values by type
  for (const what of ['handles', 'requests', 'resources'])
    metrics.removeSingleMetric(`nodejs_active_${what}_total`);
  // 2^63 ns when nothing was measured since the scrape before, and the resolution of the clock otherwise
  metrics.removeSingleMetric('nodejs_eventloop_lag_min_seconds');
  const prefix = name.replaceAll('-', '_');
  new Gauge({
    name: `${prefix}_build_info`,
    help: 'Always 1; the version is a label.',
    labelNames: ['version'],
    registers: [metrics],
  }).set({ version }, 1);
  new Gauge({
    name: `${prefix}_container_memory_bytes`,
    help: 'Memory in use; the kind is the working set of the container, or RSS for a process outside of one.',
    labelNames: ['kind'],
    registers: [metrics],
    collect() {
      const { kind, bytes } = memoryUse();
      this.set({ kind }, bytes);
    },
  });
  return metrics;
}

function end(log: Logger, error: unknown): never {
  const isCoded = error instanceof CodedError;
  log.error(
    describeError(error),
    isCoded ? { code: error.code } : { stack: error instanceof Error ? error.stack : undefined },
  );
  // stderr is written synchronously to files, pipes and terminals on Linux, so the line is out
  process.exit(isCoded ? error.exitCode : exitCode.internal);
}
