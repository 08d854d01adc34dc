import type { Ended } from '../schedule/wait.ts';
import { formatElapsed } from './elapsed.ts';
import type { Entry } from './reporter.ts';

/** `redis  waiting  refused: 10.0.3.7:6379 refused the connection  try 4  12.1s` */
export function textLine({ name, progress }: Entry): string {
  const { state, tries, elapsedMs, failure, success } = progress;
  const words =
    failure === undefined
      ? [success?.detail ?? '', ...(success?.warning === undefined ? [] : [`but ${success.warning}`])].join(
          ', ',
        )
      : `${failure.reason}: ${failure.detail}`;
  const hint = failure?.hint === undefined ? '' : `\n${indent(failure.hint)}`;
  return `${name}  ${state}  ${words}  try ${tries}  ${formatElapsed(elapsedMs)}${hint}`;
}

const outcomes = {
  ready: 'ready in',
  'timed-out': 'timed out after',
  failed: 'failed after',
  stopped: 'stopped after',
} as const;

/** `wait-for: ready in 14.2s: redis 12.3s, api 14.2s`; what is not ready comes first, with its reason. */
export function textSummary({ result, elapsedMs }: Ended, entries: readonly Entry[]): string {
  const isReady = (entry: Entry) => entry.progress.state === 'ready';
  const late = entries.filter((entry) => !isReady(entry)).map(latePart);
  const ready = entries.filter(isReady).map(readyPart);
  const parts = [...late.sort((a, b) => a.rank - b.rank).map(({ text }) => text), ...ready];
  return `wait-for: ${outcomes[result]} ${formatElapsed(elapsedMs)}: ${parts.join(', ')}`;
}

function readyPart({ name, progress, isOptional }: Entry): string {
  return `${name}${isOptional ? ' (optional)' : ''} ${formatElapsed(progress.elapsedMs)}`;
}

/** Failures first, then what is waited for, then what is only optional. */
function latePart({ name, progress, isOptional }: Entry): { rank: number; text: string } {
  const { state, failure, tries } = progress;
  const why = failure === undefined ? 'not tried' : `${failure.reason}: ${failure.detail}`;
  const rank = (isOptional ? 2 : 0) + (state === 'failed' ? 0 : 1);
  const triesText = `${tries} ${tries === 1 ? 'try' : 'tries'}`;
  return { rank, text: `${name}${isOptional ? ' (optional)' : ''} ${state}, ${why} (${triesText})` };
}

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, '    ');
}
