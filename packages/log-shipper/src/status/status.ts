import { type MemoryUse, memoryUse } from '@pod-patterns/kit';
import type { Catalog } from '../tail/catalog.ts';
import type { Generation } from '../tail/generation.ts';
import type { Problems } from '../tail/problems.ts';
import { isRefusal } from '../tail/refusal.ts';
import { lagOf, sumLags } from './lag.ts';
import type { Rate } from './rate.ts';

export type FileState = 'active' | 'rotated' | 'deleted' | 'held';

/** Answer of `/status`: all facts about files, positions and sinks. */
export interface Status {
  readonly records: number;
  readonly recordsPerSecond: number;
  readonly lagBytes: number;
  readonly lagSeconds: number;
  readonly sinks: ReadonlyArray<{
    readonly sink: string;
    readonly state: 'ok' | 'failing';
    /** Current fault, while it is failing. */
    readonly reason?: string;
    readonly records: number;
    readonly recordsPerSecond: number;
    readonly lagBytes: number;
    readonly lagSeconds: number;
  }>;
  readonly files: ReadonlyArray<{
    /** The name under which it is shipped, and its present path. */
    readonly file: string;
    readonly path: string;
    readonly state: FileState;
    readonly size: number;
    readonly lagBytes: number;
    readonly lagSeconds: number;
    /** Position of each sink, in bytes. */
    readonly positions: Readonly<Record<string, number>>;
  }>;
  readonly problems: Readonly<Record<string, string>>;
  readonly checkpoint: 'ok' | 'failing';
  readonly memory: MemoryUse;
}

/** The facts about a lane that its status needs. */
export interface LaneFacts {
  readonly sink: { readonly name: string };
  readonly records: Rate;
  /** Current fault of the sink, in one line. */
  readonly trouble: string | undefined;
}

export interface StatusSources {
  readonly catalog: Catalog;
  readonly lanes: readonly LaneFacts[];
  readonly problems: Problems;
  readonly isCheckpointFailing: () => boolean;
}

export function statusOf({ catalog, lanes, problems, isCheckpointFailing }: StatusSources): Status {
  const nowMs = Date.now();
  const names = lanes.map(({ sink }) => sink.name);
  const files = catalog.generations.map((generation) => {
    const lag = worst(names.map((name) => lagOf(generation, name, nowMs)));
    const positions = names
      .filter((name) => generation.isFor(name))
      .map((name) => [name, generation.positions.get(name)?.offset ?? 0]);
    const { file, path, size } = generation;
    return { file, path, state: stateOf(generation), size, ...lag, positions: Object.fromEntries(positions) };
  });
  const sinks = lanes.map(({ sink, records, trouble }) => {
    const lag = sumLags(catalog.generations.map((generation) => lagOf(generation, sink.name, nowMs)));
    return {
      sink: sink.name,
      state: trouble === undefined ? ('ok' as const) : ('failing' as const),
      ...(trouble === undefined ? {} : { reason: trouble }),
      records: records.total,
      recordsPerSecond: round(records.perSecond()),
      lagBytes: lag.bytes,
      lagSeconds: round(lag.seconds),
    };
  });
  return {
    records: sinks.reduce((sum, { records }) => sum + records, 0),
    recordsPerSecond: round(sinks.reduce((sum, { recordsPerSecond }) => sum + recordsPerSecond, 0)),
    ...totalLag(catalog, names, nowMs),
    sinks,
    files,
    problems: Object.fromEntries(problems.current),
    checkpoint: isCheckpointFailing() ? 'failing' : 'ok',
    memory: memoryUse(),
  };
}

/** Lag over all files; for each file, of the sink furthest behind. */
export function totalLag(
  { generations }: Pick<Catalog, 'generations'>,
  sinks: readonly string[],
  nowMs: number,
): { readonly lagBytes: number; readonly lagSeconds: number } {
  const lags = generations.map((generation) => worst(sinks.map((sink) => lagOf(generation, sink, nowMs))));
  const { bytes, seconds } = sumLags(
    lags.map(({ lagBytes, lagSeconds }) => ({ bytes: lagBytes, seconds: lagSeconds })),
  );
  return { lagBytes: bytes, lagSeconds: round(seconds) };
}

/** Counts files by state. States without a file are included. */
export function countStates(catalog: Catalog, problems: Problems): Record<string, number> {
  const counts: Record<string, number> = { active: 0, rotated: 0, deleted: 0, held: 0 };
  for (const generation of catalog.generations) {
    const state = stateOf(generation);
    counts[state] = (counts[state] ?? 0) + 1;
  }
  const refused = [...problems.current.values()].filter(isRefusal).length;
  const unreadable = problems.current.size - refused;
  return { ...counts, ignored: catalog.ignored.size, old: catalog.beginning.old.size, unreadable, refused };
}

function stateOf({ facts, isListed, state }: Generation): FileState {
  if (!facts.isLinked) return 'deleted';
  if (state.is === 'held') return 'held';
  return isListed ? 'active' : 'rotated';
}

function worst(lags: ReadonlyArray<{ bytes: number; seconds: number }>) {
  return {
    lagBytes: Math.max(0, ...lags.map(({ bytes }) => bytes)),
    lagSeconds: round(Math.max(0, ...lags.map(({ seconds }) => seconds))),
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
