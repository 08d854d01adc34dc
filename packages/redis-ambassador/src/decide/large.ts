import type { Command } from '../command/command.ts';
import type { Topology } from '../topology/topology.ts';
import type { Refuse, WaitFor } from './action.ts';
import type { ClientView } from './question.ts';
import { whenAnswered, withDedicated } from './ways.ts';

/**
 * What is done with a request that is too large to be kept until it is whole: its bytes go out as they come, over
 * the dedicated connection (`stream`), or it is kept all the same, as it has to be looked at (`keep`).
 */
export type LargeAction = WaitFor | Refuse | { readonly kind: 'stream' } | { readonly kind: 'keep' };

/** What is known of it: its command, and when what has come so far was read. */
interface Begun {
  readonly command: Command;
  readonly readAt: number;
}

/** Decides about such a request by its command. */
export function decideLarge({ command, readAt }: Begun, client: ClientView, topology: Topology): LargeAction {
  // where the keys are that decide where it goes is known when all of it is there
  if (topology.placement !== undefined) return { kind: 'keep' };
  const isPassedOn = command.isPlain || client.dedicated?.isInTransaction === true;
  if (!isPassedOn || !client.isLoggedIn) return { kind: 'keep' };
  const question = { client, node: topology.primary, readAt, topology };
  return whenAnswered(
    question,
    withDedicated(question, () => ({ kind: 'stream' })),
  );
}
