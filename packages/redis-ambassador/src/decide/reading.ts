import type { Action } from './action.ts';
import type { Question } from './question.ts';
import { refuse, waitFor, whenAnswered } from './ways.ts';

const noReplica = 'no replica is fit for reads';

/** Goes on at the node where the request is to be asked: for what reads keys that may be a replica of the one that has them. */
export function atReader(question: Question, then: (question: Question) => Action): Action {
  const { request, client, node } = question;
  if (!request.described.isForReplicas) return then(question);
  const reader = client.readerOf(node);
  return reader === undefined ? awaitReplica(question) : then({ ...question, node: reader });
}

/** No replica may be asked now, and nothing else is to be. */
export function awaitReplica(question: Question): Action {
  const refusal = question.client.topologyRefusal(question.readAt, noReplica);
  if (refusal !== undefined) return whenAnswered(question, refuse('unavailable', refusal));
  return waitFor('topology', question);
}
