import { type Deed, hasRightArity } from '../command/command.ts';
import { keysOf } from '../command/keys.ts';
import type { Request } from '../command/request.ts';
import { ok, readNumber } from '../command/words.ts';
import { error } from '../resp/encode.ts';
import type { Node, Placement, Topology } from '../topology/topology.ts';
import type { Action, WaitFor } from './action.ts';
import { isListening } from './listening.ts';
import { toAll, toEach, toNext } from './parts.ts';
import type { Question } from './question.ts';
import { atReader } from './reading.ts';
import { overDedicated, overShared, refuse, waitFor, whenAnswered } from './ways.ts';

const crossSlot = error("CROSSSLOT Keys in request don't hash to the same slot");
const noCluster = error('ERR This instance has cluster support disabled');
const nested = error('ERR MULTI calls can not be nested');
const watchInside = error('ERR WATCH inside MULTI is not allowed');
const oneDatabase = error('ERR SELECT is not allowed in cluster mode');

/** Decides for keys on several servers; `otherwise` applies the rules for one server once the node is known. */
export function placed(question: Question, otherwise: (question: Question) => Action): Action {
  const { request, client, topology } = question;
  const { described } = request;
  // later requests must not overtake a retried one
  if (client.isRedirecting) return waitFor('replies', question);
  const refused = refusedHere(question);
  if (refused !== undefined) return whenAnswered(question, refused);
  if (client.isMultiOpen) return inOpenTransaction(question, otherwise);
  const bound = boundTo(question);
  if (bound !== undefined) {
    return isAstray(question, bound)
      ? whenAnswered(question, astray)
      : otherwise({ ...question, node: bound });
  }
  if (described.does === 'here' || described.does === 'hello') return otherwise(question);
  const isParted = described.does === 'plain' && described.merge !== undefined;
  if (described.route === 'scan' || (isParted && described.route !== 'split')) return gather(question);
  const node = placeOf(request, topology, (one) => client.isUp(one));
  if (node === 'cross-slot') {
    return described.route === 'split'
      ? gather(question)
      : whenAnswered(question, { kind: 'reply', text: crossSlot });
  }
  if (node === undefined) return awaitTopology(question);
  if (
    described.does === 'multi' &&
    client.dedicated === undefined &&
    hasRightArity(described, request.words.length)
  ) {
    return whenAnswered(question, { kind: 'open-multi' });
  }
  return atReader({ ...question, node }, (at) => overRight(at, otherwise));
}

/** Deeds that go to the dedicated connection, if there is one. */
const isOfBound: ReadonlySet<Deed> = new Set(['multi', 'unwatch']);

const astray = {
  ...refuse('refused', error('CROSSSLOT redis-ambassador: all keys of a transaction must be on one server')),
  isLast: true,
};

/**
 * Tells whether a command of a transaction has keys of another server. A server of a ring would accept them all
 * anyway; a node of a Cluster refuses them itself.
 */
function isAstray({ request, client, topology }: Question, bound: Node): boolean {
  if (topology.kind !== 'ring' || !client.dedicated?.isInTransaction) return false;
  const node = placeOf(request, topology, ({ id }) => id === bound.id);
  return node === 'cross-slot' || node?.id !== bound.id;
}

/** Returns the node of the client's dedicated connection, if the request goes there whatever its keys. */
function boundTo({ request, client, topology }: Question): Node | undefined {
  const { dedicated } = client;
  if (dedicated === undefined) return undefined;
  const { does, subscribesTo, name } = request.described;
  const isSharded = does === 'subscribe' && subscribesTo === 'shard' && name !== 'sunsubscribe';
  const isAnywhere = does === 'subscribe' && (topology.kind === 'cluster' || name.includes('unsub'));
  const isBound = dedicated.isInTransaction || isListening(client) || isAnywhere || isOfBound.has(does);
  return isBound && !isSharded ? topology.nodes.find(({ id }) => id === client.dedicatedNode) : undefined;
}

/** Lets a client with a dedicated connection to another node also use a shared one of this node. */
export function overRight(question: Question, otherwise: (question: Question) => Action): Action {
  const { client, node, request } = question;
  const isElsewhere = client.dedicated !== undefined && client.dedicatedNode !== node.id;
  const isPlain = request.described.does === 'plain' || request.described.does === 'unwatch';
  if (!isElsewhere || !isPlain) return otherwise(question);
  return whenAnswered(question, overShared(question));
}

/**
 * Finds the node that has the keys of a request; undefined while none does, `cross-slot` if several do. A request without
 * keys goes to a live node; messages go to the first server of a ring, whose servers do not pass them on.
 */
export function placeOf(
  request: Request,
  topology: Topology,
  isUp: (node: Node) => boolean,
): Node | 'cross-slot' | undefined {
  const { placement, primary, kind } = topology;
  if (placement === undefined) return primary.endpoint === undefined ? undefined : primary;
  const [slot, ...others] = new Set(keysOf(request).map((at) => slotOf(request, at, placement)));
  if (slot === undefined) {
    const isOfFirst = kind === 'ring' && request.described.family === 'pubsub';
    const node = (isOfFirst ? undefined : [primary, ...(placement?.shards ?? [])].find(isUp)) ?? primary;
    return node.endpoint === undefined ? undefined : node;
  }
  return others.length > 0 ? 'cross-slot' : placement?.nodeOf(slot);
}

function slotOf({ words }: Request, at: number, placement: Placement | undefined): number {
  const key = words[at];
  return key === undefined ? 0 : (placement?.slotOf(key, 0, key.length) ?? 0);
}

/** Refuses commands about a single server or connection, and databases that a Cluster does not have. */
function refusedHere({ request, client, topology }: Question): Action | undefined {
  const { described } = request;
  const isLast = client.isMultiOpen || client.dedicated?.isInTransaction === true;
  if (described.route === 'no-cluster') return { ...refuse('refused', noCluster), isLast };
  const hasAddresses = described.merge === 'info' || described.merge === 'role';
  if (described.route === 'refused' || (isLast && hasAddresses)) {
    const text = error(`ERR redis-ambassador: ${described.name} is not supported across several servers`);
    return { ...refuse('refused', text), isLast };
  }
  const isOtherDb = described.does === 'select' && readNumber(request.text(1)) > 0;
  return isOtherDb && topology.kind === 'cluster' ? { kind: 'reply', text: oneDatabase } : undefined;
}

/** Decides between MULTI and the first command, whose keys decide the node of the transaction. */
function inOpenTransaction(question: Question, otherwise: (question: Question) => Action): Action {
  const { request, topology } = question;
  const { described, words } = request;
  const isRight = hasRightArity(described, words.length);
  if (described.inMulti === 'end' && isRight) {
    return { kind: 'close-multi', text: described.name === 'exec' ? '*0\r\n' : ok };
  }
  if (described.does === 'multi') return { kind: 'reply', text: nested };
  if (described.does === 'watch') return { kind: 'reply', text: watchInside };
  if (described.inMulti === 'refuse') return otherwise(question);
  const node = placeOf(request, topology, (one) => question.client.isUp(one));
  if (node === undefined) return last(awaitTopology(question));
  if (node === 'cross-slot' && topology.kind === 'ring') return whenAnswered(question, astray);
  // Redis itself reports the fault, and voids the transaction
  const at = node === 'cross-slot' ? topology.primary : node;
  const effect = described.inMulti === 'pin' || described.inMulti === 'learn' ? described.inMulti : 'none';
  return last(overDedicated({ ...question, node: at }, { effect, hasMulti: true }));
}

/** Refuses a command; a transaction must not go on without it. */
function last(action: Action): Action {
  return action.kind === 'refuse' ? { ...action, isLast: true } : action;
}

/** Sends a request in parts to their nodes. */
function gather(question: Question): Action {
  const { request, topology } = question;
  const shards = topology.placement?.shards ?? [];
  if (shards.length === 0) return awaitTopology(question);
  switch (request.described.route) {
    case 'all':
      return toAll(question, shards);
    case 'scan':
      return toNext(question, shards);
    case 'split':
      return toEach(question) ?? awaitTopology(question);
    default:
      return toAll(question, shards.slice(0, 1));
  }
}

function awaitTopology(question: Question): Action | WaitFor {
  const refusal = question.client.topologyRefusal(question.readAt, 'no node serves these keys');
  if (refusal !== undefined) return whenAnswered(question, refuse('unavailable', refusal));
  return waitFor('topology', question);
}
