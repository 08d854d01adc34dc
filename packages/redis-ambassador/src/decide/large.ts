import type { Command } from '../command/command.ts';
import type { Topology } from '../topology/topology.ts';
import type { Refuse, WaitFor } from './action.ts';
import type { ClientView } from './question.ts';
import { whenAnswered, withDedicated } from './ways.ts';

/**
 * Action for a request too large to be kept until it is whole: its bytes go out as they come, over
 * the dedicated connection (`stream`), or it is kept anyway, because it must be decoded (`keep`).
 */
export type LargeAction = WaitFor | Refuse | { readonly kind: 'stream' } | { readonly kind: 'keep' };

/** Known facts about it: its command, and the read time of the bytes received so far. */
interface Begun {
  readonly command: Command;
  readonly readAt: number;
}

/** Decides the action for such a request by its command. */
export function decideLarge({ command, readAt }: Begun, client: ClientView, topology: Topology): LargeAction {
  // its keys, and so its node, are known only when it is whole
  if (topology.placement !== undefined) return { kind: 'keep' };
  const isPassedOn = command.isPlain || client.dedicated?.isInTransaction === true;
  if (!isPassedOn || !client.isLoggedIn) return { kind: 'keep' };
  const question = { client, node: topology.primary, readAt, topology };
  return whenAnswered(
    question,
    withDedicated(question, () => ({ kind: 'stream' })),
  );
}
