import type { Progress } from '../schedule/progress.ts';
import type { Ended } from '../schedule/wait.ts';
import { isGroup, type Wanted } from '../target/target.ts';
import { conceal } from './conceal.ts';

/** State of one target at one moment. */
export interface Entry {
  readonly name: string;
  readonly kind: string;
  readonly isOptional: boolean;
  readonly progress: Progress;
}

/** All targets at the end, the most important first. */
export function entriesOf({ targets }: Ended): Entry[] {
  return targets.map(({ wanted, progress }) => entryOf(wanted, progress)).sort(byUrgency);
}

/** Order: failed, not ready, optional, ready. */
function byUrgency(a: Entry, b: Entry): number {
  const rank = ({ isOptional, progress: { state } }: Entry) =>
    state === 'ready' ? 4 : (isOptional ? 2 : 0) + (state === 'failed' ? 0 : 1);
  return rank(a) - rank(b);
}

/** One target without its secrets. */
export function entryOf(wanted: Wanted, progress: Progress): Entry {
  const secrets = isGroup(wanted) ? wanted.members.flatMap((member) => member.secrets) : wanted.secrets;
  const { name, kind, isOptional } = wanted;
  return { name, kind, isOptional, progress: conceal(progress, secrets) };
}
