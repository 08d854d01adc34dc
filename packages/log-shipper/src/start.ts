import { type ServiceContext, sendJson } from '@pod-patterns/kit';
import type { BatchLimits } from './buffer/batch.ts';
import { fromCheckpoint, toCheckpoint } from './buffer/remembered.ts';
import { StateFile } from './buffer/state-file.ts';
import { writtenFiles } from './check.ts';
import type { Options, ShipperConfig } from './options.ts';
import { RegexEditor } from './record/line-editor.ts';
import { LokiWriter } from './record/loki-writer.ts';
import { NdjsonWriter } from './record/ndjson-writer.ts';
import type { Identity, RecordOptions, RecordWriter } from './record/record-writer.ts';
import { credentialRedactions } from './record/redaction.ts';
import { DeadLetter } from './ship/dead-letter.ts';
import { Lane } from './ship/lane.ts';
import { lokiLimits } from './ship/loki-form.ts';
import { openSink } from './ship/open-sink.ts';
import type { Sink } from './ship/sink.ts';
import type { SinkTarget } from './ship/sink-url.ts';
import { Shipper } from './shipper.ts';
import { createMetrics, type Metrics } from './status/metrics.ts';
import { sendView } from './status/page.ts';
import { countStates, type StatusSources, statusOf, totalLag } from './status/status.ts';
import { Catalog } from './tail/catalog.ts';
import { Fence } from './tail/fence.ts';
import { globsOf } from './tail/glob.ts';
import { Problems } from './tail/problems.ts';
import { Tailer } from './tail/tailer.ts';
import { walk } from './tail/walk.ts';

/** What all data in flight may take together. */
const dataBytes = 64 * 1024 * 1024;
const mostBatchBytes = 4 * 1024 * 1024;
const mostBatchRecords = 10_000;

const now = () => performance.now();

/** Opens everything in the order in which data passes, goes on where the last run ended, and ships. */
export async function start(context: ServiceContext<Options>): Promise<void> {
  const { config, log, resources, readiness, cut } = context;
  readiness.unready('scan', 'the folders have not been looked at yet');
  const globs = globsOf(config.paths);
  const sinks = config.sink.map(openSink);
  const fence = await Fence.around(globs, {
    followLinks: config.followLinks,
    own: writtenFiles(config).map(({ path }) => path),
  });
  const files = openFiles(context, sinks, fence);
  const { catalog, problems, state } = files;
  const lanes = openLanes(context, { sinks, files, onSuspect: () => tailer.wake() });
  const tailer = new Tailer({
    ...{ globs, fence, catalog, problems, now },
    onChange: () => {
      // a file is on record before its first line leaves, so that it is found again wherever it goes;
      // a slow disk must not keep us from looking meanwhile
      void state.snapshotIfDue().then(() => {
        for (const { courier } of lanes) courier.wake();
      });
    },
  });

  const names = sinks.map(({ name }) => name);
  await catalog.resume(fromCheckpoint(await state.load(), names), await walk(globs, fence));
  await tailer.scan();
  await state.snapshotIfDue();
  readiness.ready('scan');
  resources.use(new Shipper({ catalog, tailer, state, lanes, log, cut, now, onFault: fail }));
  serveStatus(context, { catalog, lanes, problems, isCheckpointFailing: () => state.isFailing });
}

/** What is known of files, and where that is kept. */
interface Files {
  readonly metrics: Metrics;
  readonly problems: Problems;
  readonly catalog: Catalog;
  readonly state: StateFile;
}

function openFiles(
  { config, log, metrics: registry, resources }: ServiceContext<Options>,
  sinks: readonly Sink[],
  fence: Fence,
): Files {
  const names = sinks.map(({ name }) => name);
  const metrics = createMetrics(registry, {
    lagBytes: () => totalLag(catalog, names, Date.now()).lagBytes,
    lagSeconds: () => totalLag(catalog, names, Date.now()).lagSeconds,
    files: () => countStates(catalog, problems),
  });
  const onError = (reason: string) => metrics.errors.inc({ reason });
  const problems = new Problems(log, onError);
  const catalog = resources.use(new Catalog({ sinks: names, log, fence, problems, now }));
  const state = new StateFile({
    ...{ folder: config.stateDir, log, onError, now },
    files: () => catalog.generations.filter(({ twin }) => twin === undefined).map(toCheckpoint),
    version: () => catalog.version,
  });
  return { metrics, problems, catalog, state };
}

function openLanes(
  { config, log, resources, stopping, cut }: ServiceContext<Options>,
  { sinks, files, onSuspect }: { sinks: readonly Sink[]; files: Files; onSuspect: () => void },
): Lane[] {
  const { metrics } = files;
  const deadLetter = resources.use(new DeadLetter(config.deadLetter, log));
  const batchBytes = Math.min(mostBatchBytes, Math.floor(dataBytes / (4 * sinks.length)));
  const recordOptions = {
    ...identityOf(config),
    parse: config.parse,
    onNotJson: () => metrics.errors.inc({ reason: 'not_json' }),
    now: Date.now,
  };
  return sinks.map(
    (sink, index) =>
      new Lane(resources.use(sink), {
        ...{ ...files, deadLetter, log, stopping, cut, now, onSuspect },
        ...formFor(config.sink[index], { recordOptions, batchBytes, maxLine: config.maxLine }),
        editor: new RegexEditor({
          ...{ include: config.include, exclude: config.exclude },
          redactions: [...(config.redactCredentials ? credentialRedactions : []), ...config.redact],
          onFiltered: () => metrics.filteredLines.inc(),
          onRedacted: (pattern) => metrics.redactedLines.inc({ pattern }),
          now,
        }),
        partialTimeoutMs: config.partialTimeout,
        multiline: config.multiline,
        multilineTimeoutMs: config.multilineTimeout,
      }),
  );
}

/** What records for a sink look like, and how large they and their batches become. */
function formFor(
  target: SinkTarget | undefined,
  given: { recordOptions: RecordOptions; batchBytes: number; maxLine: number },
): { writer: RecordWriter; limits: BatchLimits; maxLine: number } {
  const { recordOptions, batchBytes, maxLine } = given;
  const records = mostBatchRecords;
  if (target?.kind !== 'loki') {
    return { writer: new NdjsonWriter(recordOptions), limits: { bytes: batchBytes, records }, maxLine };
  }
  return {
    writer: new LokiWriter(recordOptions),
    limits: { bytes: Math.min(batchBytes, lokiLimits.batchBytes), records },
    maxLine: Math.min(maxLine, lokiLimits.lineBytes),
  };
}

function serveStatus({ routes }: ServiceContext<Options>, sources: StatusSources): void {
  routes.set('/status', { answer: (_, response) => sendJson(response, 200, statusOf(sources)) });
  routes.set('/', { answer: (request, response) => sendView(request, response, statusOf(sources)) });
}

/** Ends the program, as nothing can go on. */
function fail(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

function identityOf(config: ShipperConfig): Identity {
  const pod = {
    name: config.podName,
    namespace: config.podNamespace,
    node: config.nodeName,
    uid: config.podUid,
  };
  const known = Object.entries(pod).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  return { labels: Object.fromEntries(config.label), pod: Object.fromEntries(known) };
}
