import { sumOfSamples } from '../ask/exposition.ts';
import { at, isJsonObject, listAt, numberAt, parseJson, sumOf, textAt } from '../ask/json.ts';
import type { Backend, Role } from './container.ts';
import type { Sample } from './rates.ts';

/** Figures of a container. Any part may be missing: another program reports it. */
export interface Reading {
  /** Counters, from which rates are computed. The last minute of the first is drawn. */
  readonly counters: Sample['counters'];
  readonly figures: Readonly<Record<string, number | string | undefined>>;
  /** Reason why it cannot work although it is ready. */
  readonly trouble?: string | undefined;
  readonly summary: string;
  /** Totals received from the application and sent to the backend. */
  readonly taken?: Passing;
  readonly passed?: Passing;
  readonly backend?: Omit<Backend, 'of'>;
}

/** A counter of traffic and its unit. */
export interface Passing {
  readonly count: number | undefined;
  readonly unit: string;
}

/** Reads the answer of a container with this role; `now` is the time in milliseconds. */
export function read(role: Role, body: string, now = Date.now()): Reading {
  if (role === 'application') return readApplication(body);
  const status = parseJson(body);
  if (role === 'ambassador') return readAmbassador(status);
  if (role === 'adaptor') return readAdaptor(status, now);
  if (role === 'sidecar' && listAt(status, 'sinks').length > 0) return readShipper(status);
  return { counters: {}, figures: {}, summary: 'answers' };
}

/** Reads any `/metrics`: ours, or the common names of exporters and client libraries. */
function readApplication(exposition: string): Reading {
  const sum = (name: RegExp) => sumOfSamples(exposition, name);
  const workingSet = sumOfSamples(exposition, /_container_memory_bytes$/, 'kind="working set"');
  const memory = workingSet ?? sum(/^process_resident_memory_bytes$/);
  return {
    counters: {
      requests: sum(/requests_total$/),
      pageViews: sum(/page_views_total$/),
      serverErrors: sum(/server_errors_total$/),
    },
    figures: {
      inFlight: sum(/(?:in_flight_requests|requests_in_flight)$/),
      ...memoryOf(memory, workingSet ? 'working set' : 'RSS'),
    },
    summary: 'is ready',
  };
}

function readAmbassador(status: unknown): Reading {
  const nodes = listAt(status, 'topology', 'nodes');
  const kind = textAt(status, 'topology', 'kind');
  const state = textAt(status, 'upstream', 'state');
  const reason = textAt(status, 'upstream', 'reason') ?? 'no reason given';
  const address = textAt(nodes[0], 'address');
  const isAway = state !== undefined && state !== 'up';
  const commands = numberAt(status, 'commands', 'total');
  const passing = { count: commands, unit: 'commands/s' };
  return {
    counters: { commands },
    figures: {
      clients: numberAt(status, 'clients'),
      errors: numberAt(status, 'errors', 'total'),
      latencyMs: tenths(numberAt(nodes[0], 'latencyMs')),
      ...memoryIn(status),
    },
    trouble: isAway ? `Redis is ${state}: ${reason}` : undefined,
    summary: address === undefined ? 'connects to Redis' : `${kind ?? 'Redis'} at ${address}`,
    taken: passing,
    passed: passing,
    backend: {
      name: 'Redis',
      state: state === undefined ? 'unknown' : isAway ? 'away' : 'up',
      detail: nodes.length > 1 ? (kind ?? '') : (address ?? ''),
      nodes: nodes.length > 1 ? nodes.map(nodeOf) : [],
    },
  };
}

/** A scrape comes every minute or more often; five are missing then. */
const scrapedWithinMs = 5 * 60_000;

function readAdaptor(status: unknown, now: number): Reading {
  const scraped = textAt(status, 'lastScrapedAt') ?? '';
  const scrapedAt = Date.parse(scraped);
  const isScraped = Number.isFinite(scrapedAt);
  const state = now - scrapedAt < scrapedWithinMs ? 'up' : 'away';
  const lines = numberAt(status, 'linesTotal');
  return {
    counters: { lines },
    figures: {
      series: numberAt(status, 'series'),
      errors: isJsonObject(status) ? sumOf(Reflect.get(status, 'errors')) : undefined,
      ...memoryIn(status),
    },
    summary: 'StatsD in, /metrics out',
    taken: { count: lines, unit: 'lines/s' },
    passed: { count: isScraped ? scrapedAt : 0, unit: 'scrapes' },
    backend: {
      name: 'Prometheus',
      state: isScraped ? state : 'unknown',
      detail: isScraped ? `scraped at ${scraped.slice(11, 19)}` : 'never scraped',
      nodes: [],
    },
  };
}

function readShipper(status: unknown): Reading {
  const sinks = listAt(status, 'sinks');
  const stuck = sinks.find((sink) => textAt(sink, 'state') !== 'ok');
  const files = listAt(status, 'files');
  const records = numberAt(status, 'records');
  const kinds = sinks.map((sink) => kindOf(textAt(sink, 'sink')));
  const problems = at(status, 'problems');
  const [problem] = isJsonObject(problems) ? Object.entries(problems) : [];
  return {
    counters: { records },
    figures: {
      files: files.length,
      lagBytes: numberAt(status, 'lagBytes'),
      lagSeconds: tenths(numberAt(status, 'lagSeconds')),
      ...memoryIn(status),
    },
    trouble:
      stuck === undefined
        ? problem?.join(': ')
        : `a sink is ${textAt(stuck, 'state')}: ${textAt(stuck, 'reason') ?? 'no reason given'}`,
    summary: `ships every line to ${kinds.join(', ')}`,
    // lines written, whether a sink has acknowledged them or not
    taken: { count: sumOf(files.map((file) => numberAt(file, 'size') ?? 0)), unit: 'bytes/s' },
    passed: { count: records, unit: 'records/s' },
    backend: {
      name: 'Log backend',
      state: stuck === undefined ? 'up' : 'away',
      detail: kinds.length > 1 ? '' : (kinds[0] ?? ''),
      nodes: sinks.length > 1 ? sinks.map(nodeOf) : [],
    },
  };
}

/** Name of a node of a topology, or of a sink. */
function nodeOf(node: unknown) {
  const sink = textAt(node, 'sink');
  const state = textAt(node, 'state') ?? 'unknown';
  return {
    name: sink === undefined ? (textAt(node, 'address') ?? '?') : kindOf(sink),
    role: textAt(node, 'role') ?? '',
    state: state === 'ok' ? 'up' : state,
  };
}

/** `file:///var/x` is long, and a URL may tell too much: its kind is enough. */
function kindOf(sink = 'the log backend'): string {
  return sink.split(':', 1)[0] ?? '';
}

const bytesPerMiB = 1024 * 1024;

/** In whole MiB, or every look would differ from the one before. */
function memoryOf(bytes: number | undefined, kind: string | undefined): Reading['figures'] {
  if (bytes === undefined || kind === undefined) return {};
  return { memoryBytes: Math.round(bytes / bytesPerMiB) * bytesPerMiB, memoryKind: kind };
}

function memoryIn(status: unknown): Reading['figures'] {
  return memoryOf(numberAt(status, 'memory', 'bytes'), textAt(status, 'memory', 'kind'));
}

function tenths(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 10) / 10;
}
