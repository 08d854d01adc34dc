import { aborted, type ServiceContext, sendJson } from '@pod-patterns/kit';
import { writtenFiles } from './check.ts';
import { fromCheckpoint, toCheckpoint } from './checkpoint/remembered.ts';
import { StateFile } from './checkpoint/state-file.ts';
import type { Options } from './options.ts';
import { DeadLetter } from './pump/dead-letter.ts';
import { Lane } from './pump/lane.ts';
import { pauseUntil } from './pump/pause.ts';
import type { Settings } from './settings/file-settings.ts';
import { settingsOf } from './settings/settings-of.ts';
import { Shipper } from './shipper.ts';
import { createMetrics, type Metrics } from './status/metrics.ts';
import { sendView } from './status/page.ts';
import { countStates, type StatusSources, statusOf, totalLag } from './status/status.ts';
import { Beginning } from './tail/beginning.ts';
import { Catalog } from './tail/catalog.ts';
import { Fence } from './tail/fence.ts';
import { globsOf } from './tail/glob.ts';
import { Handles, handleLimit } from './tail/handles.ts';
import { Problems } from './tail/problems.ts';
import { Tailer } from './tail/tailer.ts';
import { walk } from './tail/walk.ts';
import { waysTo } from './ways.ts';

/** Memory for all data in flight. */
const dataBytes = 64 * 1024 * 1024;
const mostBatchBytes = 4 * 1024 * 1024;
const usualBatchRecords = 10_000;

const now = () => performance.now();

/** Opens all parts in the order in which data passes, resumes at the checkpoint, and ships. */
export async function start(context: ServiceContext<Options>): Promise<void> {
  const { config, log, resources, readiness, stopping, cut } = context;
  readiness.unready('scan', 'the first scan of the folders has not finished');
  const globs = globsOf(config.paths);
  const excluded = globsOf(config.excludePaths);
  const fence = await Fence.around(globs, {
    followLinks: config.followLinks,
    own: writtenFiles(config).map(({ path }) => path),
  });
  const files = openFiles(context, fence);
  const { catalog, problems, state } = files;
  const lanes = openLanes(context, files, () => tailer.wake());
  const tailer = new Tailer({
    ...{ globs, excluded, fence, catalog, problems, now },
    onChange: () => {
      // record a file before its first line leaves, so that it is found again under any name;
      // a slow disk must not delay the next scan
      void state.noteFiles().then(() => {
        for (const { courier } of lanes) courier.wake();
      });
    },
  });

  const names = config.sink.map(({ name }) => name);
  await catalog.resume(fromCheckpoint(await state.load(), names), await walk(globs, fence, excluded));
  serveStatus(context, { catalog, lanes, problems, isCheckpointFailing: () => state.isFailing });
  resources.use(new Shipper({ catalog, tailer, state, lanes, log, cut, now, onFault: fail }));
  // the first files are shipped while others are still being found
  await Promise.race([tailer.scanned, aborted(stopping)]);
  await state.noteFiles();
  readiness.ready('scan');
}

/** State of files, in memory and on disk. */
interface Files {
  readonly settings: Settings;
  readonly metrics: Metrics;
  readonly problems: Problems;
  readonly catalog: Catalog;
  readonly state: StateFile;
}

function openFiles(
  { config, log, metrics: registry, resources }: ServiceContext<Options>,
  fence: Fence,
): Files {
  const names = config.sink.map(({ name }) => name);
  const settings = settingsOf(config);
  const metrics = createMetrics(registry, {
    lagBytes: () => totalLag(catalog, names, Date.now()).lagBytes,
    lagSeconds: () => totalLag(catalog, names, Date.now()).lagSeconds,
    files: () => countStates(catalog, problems),
  });
  const onError = (reason: string) => metrics.errors.inc({ reason });
  const problems = new Problems(log, onError);
  const most = handleLimit();
  const onScarce = () => log.warn('open file limit reached, opening files in turn', { open: most });
  const handles = new Handles({ fence, most, onScarce });
  const catalog = resources.use(
    new Catalog({
      ...{ sinks: names, log, handles, problems, now, settingsOf: (file) => settings.of(file) },
      beginning: new Beginning({
        // without a checkpoint it is unknown which lines were shipped
        startsAtEnd: () => config.start === 'end' && !state.hasForgotten,
        ignoreOlderMs: config.ignoreOlder,
        wallNow: Date.now,
      }),
    }),
  );
  const state = new StateFile({
    ...{ folder: config.stateDir, log, onError, now },
    files: (known) =>
      catalog.generations
        .filter((generation) => !known.has(generation.seq) && !generation.mayBeCopy)
        .map(toCheckpoint),
    changes: () => catalog.roster,
  });
  return { settings, metrics, problems, catalog, state };
}

function openLanes(
  { config, log, resources, stopping, cut }: ServiceContext<Options>,
  files: Files,
  onSuspect: () => void,
): Lane[] {
  const { metrics, settings } = files;
  const pause = pauseUntil(stopping, cut);
  const deadLetter = resources.use(new DeadLetter(config.deadLetter, log, pause));
  const batchBytes = Math.min(mostBatchBytes, Math.floor(dataBytes / (4 * config.sink.length)));
  const wayTo = waysTo({ config, settings, metrics, log, now });
  return config.sink.map(
    (target) =>
      new Lane(resources.use(target.open()), {
        ...{ ...files, deadLetter, log, pause, cut, now, onSuspect },
        wayOf: wayTo(target),
        limits: {
          bytes: Math.min(batchBytes, target.limits?.batchBytes ?? batchBytes),
          records: target.limits?.batchRecords ?? usualBatchRecords,
        },
        maxLine: Math.min(config.maxLine, target.limits?.lineBytes ?? config.maxLine),
        partialTimeoutMs: config.partialTimeout,
        multilineTimeoutMs: config.multilineTimeout,
      }),
  );
}

function serveStatus({ routes }: ServiceContext<Options>, sources: StatusSources): void {
  routes.set('/status', { answer: (_, response) => sendJson(response, 200, statusOf(sources)) });
  routes.set('/', { answer: (request, response) => sendView(request, response, statusOf(sources)) });
}

/** Ends the program: nothing can continue. */
function fail(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
