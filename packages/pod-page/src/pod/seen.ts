import type { Backend, Container, Flow, Target } from './container.ts';
import { roleOf } from './house.ts';
import { knownOf, type Look } from './look.ts';
import { ratesOf, type Sample } from './rates.ts';
import type { Passing } from './read.ts';

type Passed = Pick<Flow, 'rate' | 'unit' | 'isMoving'>;

/** State of one container, with the values that the next look needs. */
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

/** State of a container before the first look. */
export function unseen(target: Target): Seen {
  const nothing = { since: '', summary: '', figures: {}, lastMinute: [] };
  return { container: { name: target.name, role: roleOf(target), state: 'up', ...nothing } };
}

/** State after an answer. */
export function seen(before: Seen | undefined, look: Look, { at, time }: Moment): Seen {
  const { reading, name, role, state, summary } = look;
  const { counters, taken, passed, backend } = reading;
  const sample = { at, counters: { ...counters, taken: taken?.count, passed: passed?.count } };
  const { takenPerSecond, passedPerSecond, ...rates } = ratesOf(sample, before?.sample);
  const drawn = rates[`${Object.keys(counters)[0]}PerSecond`];
  return {
    container: {
      ...{ name, role, state, summary },
      ...historyOf(before?.container, { state, error: state === 'up' ? undefined : summary, time }),
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

/** State without an answer: the last figures with their time, and no traffic. */
export function silent(before: Seen, reason: string, { time }: Moment): Seen {
  const { container, taken, passed, backend, answeredAt } = before;
  const rest = (flow: Passed | undefined) => flow && { unit: flow.unit, isMoving: false };
  return {
    container: {
      ...{ ...container, state: 'down', summary: reason, lastMinute: [] },
      ...historyOf(container, { state: 'down', error: reason, time }),
      ...(answeredAt !== undefined && { figuresAt: answeredAt }),
    },
    taken: rest(taken),
    passed: rest(passed),
    backend: backend && { ...backend, state: 'unknown', nodes: [] },
    answeredAt,
  };
}

interface Now {
  readonly state: string;
  readonly error: string | undefined;
  readonly time: string;
}

/** Time of the last change of state, and the last error with the time when it began. */
function historyOf(last: Container | undefined, now: Now): Pick<Container, 'since' | 'lastError'> {
  const { state, error, time } = now;
  const since = last?.state === state ? last.since : time;
  const goesOn = error === undefined || (last?.lastError?.text === error && last.state !== 'up');
  const lastError = goesOn ? last?.lastError : { at: time, text: error };
  return lastError === undefined ? { since } : { since, lastError };
}

function passing({ unit }: Passing, rate: number | undefined): Passed {
  const isMoving = rate !== undefined && rate > 0;
  return rate === undefined || !unit.endsWith('/s') ? { unit, isMoving } : { rate, unit, isMoving };
}
