import { visible } from '@pod-patterns/kit';
import type { Ended } from '../schedule/wait.ts';
import { formatElapsed } from './elapsed.ts';
import type { Entry } from './entry.ts';

/** `redis  waiting  refused: 10.0.3.7:6379 refused the connection  try 4  12.1s` */
export function textLine({ name, progress }: Entry): string {
  const { state, tries, elapsedMs, failure, success } = progress;
  const words =
    failure === undefined
      ? [success?.detail ?? '', ...(success?.warning === undefined ? [] : [`but ${success.warning}`])].join(
          ', ',
        )
      : `${failure.reason}: ${failure.detail}`;
  // not indented, so that YAML can be copied from the log
  const hint = failure?.hint === undefined ? '' : `\n${failure.hint}`;
  return `${visible(name)}  ${state}  ${visible(words)}  try ${tries}  ${formatElapsed(elapsedMs)}${hint}`;
}

const outcomes = {
  ready: 'ready in',
  'timed-out': 'timed out after',
  failed: 'failed after',
  stopped: 'stopped after',
} as const;

/** `wait-for: ready in 14.2s: redis 12.3s, api 14.2s`; targets that are not ready with their reason. */
export function textSummary({ result, elapsedMs, isOnce }: Ended, entries: readonly Entry[]): string {
  const words = result === 'timed-out' && isOnce ? 'not ready after one try,' : outcomes[result];
  return `wait-for: ${words} ${formatElapsed(elapsedMs)}: ${entries.map(summaryPart).join(', ')}`;
}

function summaryPart({ name, progress, isOptional }: Entry): string {
  const { state, failure, tries, elapsedMs } = progress;
  const subject = visible(isOptional ? `${name} (optional)` : name);
  if (state === 'ready') return `${subject} ${formatElapsed(elapsedMs)}`;
  const why = failure === undefined ? 'no answer yet' : `${failure.reason}: ${failure.detail}`;
  return `${subject} ${state}, ${visible(why)} (${tries} ${tries === 1 ? 'try' : 'tries'})`;
}
