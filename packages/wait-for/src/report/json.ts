import type { Ended } from '../schedule/wait.ts';
import type { Entry } from './entry.ts';

/** One change as a line of JSON, with `reason` if there is one. */
export function jsonLine({ name, kind, progress }: Entry): string {
  const { state, tries, elapsedMs, failure, success } = progress;
  const level = state === 'failed' ? 'error' : success?.warning === undefined ? 'info' : 'warn';
  const words = [(failure ?? success)?.detail, failure?.hint ?? success?.warning];
  return line(level, state, {
    target: name,
    kind,
    state,
    reason: failure?.reason,
    detail: words.filter((part) => part !== undefined).join('\n'),
    try: tries,
    elapsedMs: Math.round(elapsedMs),
  });
}

/**
 * The summary as one line of JSON. With `maxBytes`, targets are dropped from the end until it fits;
 * `omitted` counts them.
 */
export function jsonSummary(
  ended: Ended,
  entries: readonly Entry[],
  maxBytes = Number.POSITIVE_INFINITY,
): string {
  const targets = entries.map(({ name, isOptional, progress }) => ({
    target: name,
    state: progress.state,
    reason: progress.failure?.reason,
    tries: progress.tries,
    elapsedMs: Math.round(progress.elapsedMs),
    ...(isOptional ? { optional: true } : {}),
  }));
  const { result, elapsedMs } = ended;
  const level = result === 'ready' ? 'info' : 'error';
  for (let kept = targets.length; ; kept--) {
    const text = line(level, 'summary', {
      result,
      elapsedMs: Math.round(elapsedMs),
      targets: targets.slice(0, kept),
      ...(kept < targets.length ? { omitted: targets.length - kept } : {}),
    });
    if (kept === 0 || Buffer.byteLength(text) <= maxBytes) return text;
  }
}

function line(level: 'info' | 'warn' | 'error', msg: string, fields: Record<string, unknown>): string {
  return JSON.stringify({ time: new Date().toISOString(), level, msg, component: 'wait-for', ...fields });
}
