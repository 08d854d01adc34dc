import { keysOf, wordsPerKey } from '../command/keys.ts';
import { withWords } from '../command/request.ts';
import { wrongArity } from '../command/words.ts';
import { error } from '../resp/encode.ts';
import type { Node } from '../topology/topology.ts';
import type { Action, Part } from './action.ts';
import type { Question } from './question.ts';
import { awaitReplica } from './reading.ts';
import { scanAt } from './scan-cursor.ts';
import { refuse, waitFor, whenAnswered } from './ways.ts';

const badCursor = error('ERR invalid cursor');

/** Sends the unchanged request to each of these nodes. */
export function toAll(question: Question, nodes: readonly Node[]): Action {
  const { request } = question;
  return inParts(
    question,
    nodes.map((node) => ({ node, request })),
  );
}

/** Sends SCAN to the node that its cursor names, with that node's own cursor. */
export function toNext(question: Question, nodes: readonly Node[]): Action {
  const { request } = question;
  const at = scanAt(request.text(1), nodes.length);
  const node = nodes[at?.index ?? 0];
  if (at === undefined || node === undefined)
    return whenAnswered(question, { kind: 'reply', text: badCursor });
  const own = withWords(request, request.words.with(1, Buffer.from(at.cursor)));
  return inParts(question, [{ node, request: own }]);
}

/** Splits a request into one per slot; undefined while a slot has no node. */
export function toEach(question: Question): Action | undefined {
  const { request, topology } = question;
  const { placement } = topology;
  const [name = Buffer.alloc(0)] = request.words;
  const width = wordsPerKey(request.described);
  // no part of it may be executed
  if ((request.words.length - 1) % width !== 0) {
    return whenAnswered(question, { kind: 'reply', text: wrongArity(request.described) });
  }
  const bySlot = new Map<number, { words: Buffer[]; places: number[] }>();
  for (const [place, at] of keysOf(request).entries()) {
    const words = request.words.slice(at, at + width);
    const slot = placement?.slotOf(words[0] ?? name, 0, words[0]?.length ?? 0) ?? 0;
    const part = bySlot.get(slot) ?? { words: [], places: [] };
    part.words.push(...words);
    part.places.push(place);
    bySlot.set(slot, part);
  }
  const parts: Part[] = [];
  for (const [slot, { words, places }] of bySlot) {
    const primary = placement?.nodeOf(slot);
    if (primary === undefined) return undefined;
    const node = request.described.isForReplicas ? question.client.readerOf(primary) : primary;
    if (node === undefined) return awaitReplica(question);
    parts.push({ node, request: withWords(request, [name, ...words]), places });
  }
  return inParts(question, parts);
}

/** Sends these parts, once all their connections are ready. */
function inParts(question: Question, parts: readonly Part[]): Action {
  const { client, request, readAt } = question;
  const { merge, route } = request.described;
  if (client.isBehind) return waitFor('reader', question);
  for (const { node } of parts) {
    const obstacle = client.obstacleTo(node, readAt);
    if (typeof obstacle === 'string') return waitFor(obstacle, { node });
    if (obstacle !== undefined) return whenAnswered(question, refuse('unavailable', obstacle.error));
  }
  // the client's state concerns no other connection
  const action: Action = {
    kind: 'gather',
    request,
    parts,
    merge: route === 'scan' ? 'scan' : (merge ?? 'ok'),
  };
  return client.dedicated === undefined ? action : whenAnswered(question, action);
}
