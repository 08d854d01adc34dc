import { type Failure, failure, type Reason, type Success } from '../probe/outcome.ts';

/** Where a target stands. `waiting` may still change, the others do not. */
export type State = 'waiting' | 'ready' | 'failed';

/** How far one target (or group) has come. */
export interface Progress {
  readonly state: State;
  readonly tries: number;
  /** The last answer; none before the first. Holds while waiting or failed. */
  readonly failure?: Failure;
  /** Describes the answer, once ready. */
  readonly success?: Success;
  /** Since the start of the whole wait. */
  readonly elapsedMs: number;
  /** How many members of a group have yet to be tried. */
  readonly untriedCount?: number;
}

/** How following one target has ended. */
export type End =
  | 'ready'
  /** Permanently: more tries cannot help. */
  | 'failed'
  /** Its own deadline has passed, or it was to be tried once. */
  | 'expired'
  /** The whole wait ended first. */
  | 'stopped';

/** A group shows the reason of the first member that has one, and all their details. */
export function combine(members: ReadonlyArray<{ name: string; progress: Progress }>, end?: End): Progress {
  const tries = members.reduce((sum, { progress }) => sum + progress.tries, 0);
  const elapsedMs = Math.max(...members.map(({ progress }) => progress.elapsedMs));
  const ready = members.find(({ progress }) => progress.state === 'ready');
  if (ready?.progress.success !== undefined) {
    const { success } = ready.progress;
    return {
      state: 'ready',
      tries,
      elapsedMs,
      success: { ...success, detail: `${ready.name} ${success.detail}` },
    };
  }
  const said = members.flatMap(({ name, progress }) =>
    progress.failure === undefined ? [] : [{ name, ...progress.failure }],
  );
  const state = end === 'failed' ? 'failed' : 'waiting';
  const [first] = said;
  const untriedCount = members.filter(({ progress }) => progress.tries === 0).length;
  if (first === undefined) return { state, tries, elapsedMs, untriedCount };
  const reason: Reason = first.reason;
  const detail = said.map((one) => `${one.name}: ${one.reason}: ${one.detail}`).join('; ');
  const hint = first.hint === undefined ? {} : { hint: first.hint };
  const permissions = said.flatMap((one) => one.permissions ?? []);
  return {
    state,
    tries,
    elapsedMs,
    untriedCount,
    failure: { ...failure(reason, detail), ...hint, permissions },
  };
}
