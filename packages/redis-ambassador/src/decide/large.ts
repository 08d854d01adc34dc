import type { Command } from '../command/command.ts';
import type { Topology } from '../topology/topology.ts';
import type { Refuse, WaitFor } from './action.ts';
import type { ClientView } from './client-view.ts';
import { waitFor, withDedicated } from './ways.ts';

/**
 * What is done with a request that is too large to be kept until it is whole: its bytes go out as they come, over
 * the dedicated connection (`stream`), or it is kept all the same, as it has to be looked at (`keep`).
 */
export type LargeAction = WaitFor | Refuse | { readonly kind: 'stream' } | { readonly kind: 'keep' };

/** Decides about such a request by its command. */
export function decideLarge(command: Command, client: ClientView, topology: Topology): LargeAction {
  const node = topology.primary;
  const isPassedOn = command.isPlain || client.dedicated?.isInTransaction === true;
  if (!isPassedOn || !client.isLoggedIn) return { kind: 'keep' };
  if (!client.isAnswered) return waitFor('replies', node);
  return withDedicated(client, node, () => ({ kind: 'stream' }));
}
