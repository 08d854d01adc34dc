import type { DedicatedAction, GatherAction } from '../decide/action.ts';
import type { Dedicated } from './dedicated.ts';
import { Gather, mergeParts } from './gather.ts';
import type { HomeKeeper } from './home.ts';
import type { View } from './view.ts';

/** Sends the parts of a request, and gives the client the merged reply. */
export function sendParts(action: GatherAction, keeper: HomeKeeper, client: View): void {
  const { parts, request } = action;
  const { sender, services, state } = client.parts;
  const { nodes } = services;
  const place = sender.openPlace(client.isMuted);
  const gather = new Gather(parts.length, keeper, (replies) => {
    keeper.settled(0, request.size);
    place.give(mergeParts(action, replies, { protocol: state.protocol, topology: nodes.topology }));
  });
  sender.sendParts(
    request,
    parts.map((part, index) => ({ ...part, upstream: nodes.at(part.node), home: gather.parts[index] })),
  );
}

/** Sends a request over the dedicated connection, and records its effect. */
export function sendDedicated(action: DedicatedAction, dedicated: Dedicated, client: View): void {
  const { sender, services, state } = client.parts;
  const { request, effect, blocksForMs, hasMulti, db = state.db } = action;
  if (hasMulti) {
    state.isMultiOpen = false;
    dedicated.apply('multi');
    dedicated.link.request(['MULTI']).catch(() => {});
  }
  if (effect === 'await-writes') dedicated.rememberWrites();
  dedicated.apply(effect);
  const isRead = request.command.isRead && effect === 'none' && !dedicated.hasState;
  state.db = db;
  // Redis starts the blocking time only now
  const since = blocksForMs > 0 ? services.now() : request.readAt;
  sender.sendDedicated(dedicated.link, request, {
    readsAtEnd: Number(isRead),
    isMuted: client.isMuted,
    deadline: sender.deadlineOf(since + blocksForMs),
  });
}
