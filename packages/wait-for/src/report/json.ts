import type { Ended } from '../schedule/wait.ts';
import type { Entry } from './reporter.ts';

/** One change as a line of JSON; `reason` is left out when there is none. */
export function jsonLine({ name, kind, progress }: Entry): string {
  const { state, tries, elapsedMs, failure, success } = progress;
  const level = state === 'failed' ? 'error' : success?.warning === undefined ? 'info' : 'warn';
  const said = failure ?? success;
  const more = failure?.hint === undefined ? (success?.warning ?? '') : failure.hint;
  return line(level, state, {
    target: name,
    kind,
    state,
    reason: failure?.reason,
    detail: [said?.detail, more].filter((part) => part !== '').join('\n'),
    try: tries,
    elapsedMs: Math.round(elapsedMs),
  });
}

/** The end of the whole as a line of JSON. */
export function jsonSummary({ result, elapsedMs }: Ended, entries: readonly Entry[]): string {
  return line(result === 'ready' ? 'info' : 'error', 'summary', {
    result,
    elapsedMs: Math.round(elapsedMs),
    targets: entries.map(({ name, isOptional, progress }) => ({
      target: name,
      state: progress.state,
      reason: progress.failure?.reason,
      tries: progress.tries,
      elapsedMs: Math.round(progress.elapsedMs),
      ...(isOptional ? { optional: true } : {}),
    })),
  });
}

function line(level: 'info' | 'warn' | 'error', msg: string, fields: Record<string, unknown>): string {
  return JSON.stringify({ time: new Date().toISOString(), level, msg, component: 'wait-for', ...fields });
}
