import type { Backend, Container, Flow, Target } from './container.ts';
import { roleOf } from './house.ts';
import { knownOf, type Look } from './look.ts';
import { ratesOf, type Sample } from './rates.ts';
import type { Passing } from './read.ts';

type Passed = Pick<Flow, 'rate' | 'unit' | 'isMoving'>;

/** What is known of one container, with what the next look goes by. */
export interface Seen {
  readonly container: Container;
  readonly taken?: Passed | undefined;
  readonly passed?: Passed | undefined;
  readonly backend?: Omit<Backend, 'of'> | undefined;
  readonly sample?: Sample;
  /** When it last answered. */
  readonly answeredAt?: string | undefined;
}

export interface Moment {
  /** Milliseconds, monotonic. */
  readonly at: number;
  /** RFC 3339. */
  readonly time: string;
}

/** What is known after it has answered. */
export function seen(before: Seen | undefined, look: Look, { at, time }: Moment): Seen {
  const { reading, name, role, state, summary } = look;
  const { counters, taken, passed, backend } = reading;
  const sample = { at, counters: { ...counters, taken: taken?.count, passed: passed?.count } };
  const { takenPerSecond, passedPerSecond, ...rates } = ratesOf(sample, before?.sample);
  const drawn = rates[`${Object.keys(counters)[0]}PerSecond`];
  const isWell = state === 'up';
  return {
    container: {
      ...{ name, role, state, summary },
      ...historyOf(before, { state, error: isWell ? undefined : summary, time }),
      figures: knownOf({ ...counters, ...reading.figures, ...rates }),
      lastMinute: drawn === undefined ? [] : [...(before?.container.lastMinute ?? []), drawn].slice(-60),
    },
    taken: taken && passing(taken, takenPerSecond),
    passed: passed && passing(passed, backend?.state === 'away' ? 0 : passedPerSecond),
    backend,
    sample,
    answeredAt: time,
  };
}

/** What is known after it has not answered: its last figures, with when they were true, and nothing that moves. */
export function silent(
  before: Seen | undefined,
  { target, reason }: { target: Target; reason: string },
  { time }: Moment,
): Seen {
  const { name } = before?.container ?? target;
  const role = before?.container.role ?? roleOf(target);
  const figures = before?.container.figures ?? {};
  const answeredAt = before?.answeredAt;
  const rest = (flow: Passed | undefined) => flow && { unit: flow.unit, isMoving: false };
  return {
    container: {
      ...{ name, role, state: 'down', summary: reason, figures, lastMinute: [] },
      ...historyOf(before, { state: 'down', error: reason, time }),
      ...(answeredAt !== undefined && { figuresAt: answeredAt }),
    },
    taken: rest(before?.taken),
    passed: rest(before?.passed),
    backend: before?.backend && { ...before.backend, state: 'unknown', nodes: [] },
    answeredAt,
  };
}

/** Since when it is so, and its last error, also when that is over; of one that goes on, the moment it began. */
function historyOf(
  before: Seen | undefined,
  {
    state,
    error,
    time,
  }: { readonly state: string; readonly error: string | undefined; readonly time: string },
): Pick<Container, 'since' | 'lastError'> {
  const last = before?.container;
  const since = last?.state === state ? last.since : time;
  const goesOn = error === undefined || (last?.lastError?.text === error && last.state !== 'up');
  const lastError = goesOn ? last?.lastError : { at: time, text: error };
  return lastError === undefined ? { since } : { since, lastError };
}

function passing({ unit }: Passing, rate: number | undefined): Passed {
  const isMoving = rate !== undefined && rate > 0;
  return rate === undefined || !unit.endsWith('/s') ? { unit, isMoving } : { rate, unit, isMoving };
}
