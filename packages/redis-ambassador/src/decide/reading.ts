import type { Action } from './action.ts';
import type { Question } from './question.ts';
import { refuse, waitFor, whenAnswered } from './ways.ts';

const noReplica = 'no replica is fit for reads';

/** Continues at the node that will answer: for reads it may be a replica of the node that has the keys. */
export function atReader(question: Question, then: (question: Question) => Action): Action {
  const { request, client, node } = question;
  if (!request.described.isForReplicas) return then(question);
  const reader = client.readerOf(node);
  return reader === undefined ? awaitReplica(question) : then({ ...question, node: reader });
}

/** Waits or refuses, because no replica is fit and the policy allows no other node. */
export function awaitReplica(question: Question): Action {
  const refusal = question.client.topologyRefusal(question.readAt, noReplica);
  if (refusal !== undefined) return whenAnswered(question, refuse('unavailable', refusal));
  return waitFor('topology', question);
}
