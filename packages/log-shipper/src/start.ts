import { resolve } from 'node:path';
import { complain, exitCode, type ServiceContext, sendJson } from '@pod-patterns/kit';
import { fromCheckpoint, toCheckpoint } from './buffer/remembered.ts';
import { StateFile } from './buffer/state-file.ts';
import { findFaults } from './check.ts';
import { type Options, program, type ShipperConfig } from './options.ts';
import { RegexEditor } from './record/line-editor.ts';
import { type Identity, NdjsonWriter } from './record/ndjson-writer.ts';
import { credentialRedactions } from './record/redaction.ts';
import { DeadLetter } from './ship/dead-letter.ts';
import { Lane } from './ship/lane.ts';
import { openSink } from './ship/open-sink.ts';
import { Shipper } from './shipper.ts';
import { createMetrics } from './status/metrics.ts';
import { sendView } from './status/page.ts';
import { countStates, statusOf, totalLag } from './status/status.ts';
import { Catalog } from './tail/catalog.ts';
import { compileGlob, splitGlobs } from './tail/glob.ts';
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
  const { config, log, metrics: registry, resources, routes, readiness, stopping, cut } = context;
  readiness.unready('scan', 'the folders have not been looked at yet');
  const globs = splitGlobs(config.paths.join(',')).flatMap((glob) => compileGlob(resolve(glob)));
  const faults = findFaults(config, globs);
  if (faults.length > 0) complain(exitCode.usage, faults, program);
  const sinks = config.sink.map(openSink);
  const names = sinks.map(({ name }) => name);

  const metrics = createMetrics(registry, {
    lagBytes: () => totalLag(catalog, names, Date.now()).lagBytes,
    lagSeconds: () => totalLag(catalog, names, Date.now()).lagSeconds,
    files: () => countStates(catalog, problems),
  });
  const problems = new Problems(log, (reason) => metrics.errors.inc({ reason }));
  const catalog = resources.use(new Catalog({ sinks: names, log, problems, now }));
  const state = new StateFile({
    folder: config.stateDir,
    log,
    onError: (reason) => metrics.errors.inc({ reason }),
    files: () => catalog.generations.filter(({ twin }) => twin === undefined).map(toCheckpoint),
    version: () => catalog.version,
    now,
  });
  const deadLetter = resources.use(new DeadLetter(config.deadLetter, log));
  for (const sink of sinks) resources.use(sink);

  const tailer = new Tailer({
    globs,
    catalog,
    problems,
    now,
    onChange: async () => {
      // a file is on record before its first line leaves, so that it is found again wherever it goes
      await state.snapshotIfDue();
      for (const { courier } of lanes) courier.wake();
    },
  });
  const writer = () =>
    new NdjsonWriter({
      ...identityOf(config),
      parse: config.parse,
      onNotJson: () => metrics.errors.inc({ reason: 'not_json' }),
      now: Date.now,
    });
  const editor = () =>
    new RegexEditor({
      include: config.include,
      exclude: config.exclude,
      redactions: [...(config.redactCredentials ? credentialRedactions : []), ...config.redact],
      onFiltered: () => metrics.filteredLines.inc(),
      onRedacted: (pattern) => metrics.redactedLines.inc({ pattern }),
    });
  const limits = {
    bytes: Math.min(mostBatchBytes, Math.floor(dataBytes / (4 * sinks.length))),
    records: mostBatchRecords,
  };
  const lanes = sinks.map(
    (sink) =>
      new Lane(sink, {
        ...{ writer: writer(), editor: editor() },
        ...{ catalog, state, deadLetter, metrics, problems, log, limits, stopping, cut, now },
        maxLine: config.maxLine,
        partialTimeoutMs: config.partialTimeout,
        multiline: config.multiline,
        multilineTimeoutMs: config.multilineTimeout,
        onSuspect: () => tailer.wake(),
      }),
  );

  await catalog.resume(fromCheckpoint(await state.load(), names), await walk(globs));
  await tailer.scan();
  await state.snapshotIfDue();
  readiness.ready('scan');
  const onFault = (error: unknown) => {
    queueMicrotask(() => {
      throw error; // ends the program, as nothing can go on
    });
  };
  resources.use(new Shipper({ catalog, tailer, state, lanes, log, cut, now, onFault }));
  const status = () => statusOf({ catalog, lanes, problems, isCheckpointFailing: () => state.isFailing });
  routes.set('/status', (_, response) => sendJson(response, 200, status()));
  routes.set('/', (request, response) => sendView(request, response, status()));
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
