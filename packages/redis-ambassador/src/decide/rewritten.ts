import { withWords } from '../command/request.ts';
import { notAnInteger, readNumber, wrongArity } from '../command/words.ts';
import { encodeValue, error } from '../resp/encode.ts';
import type { Action } from './action.ts';
import type { Question } from './question.ts';
import { overDedicated, overShared, waitFor } from './ways.ts';

/** SELECT: answered by the ambassador, once the database is usable. */
export function select(question: Question): Action {
  const { request, client, node } = question;
  const db = readNumber(request.text(1));
  if (Number.isNaN(db)) return { kind: 'reply', text: notAnInteger };
  if (db < 0 || db > 0x7fff_ffff) return { kind: 'reply', text: error('ERR DB index is out of range') };
  // a dedicated connection passes it on, and can then no longer be reused
  if (client.dedicated !== undefined) return overDedicated(question, { effect: 'pin', db });
  const obstacle = client.obstacleToDb(node, db, request.readAt);
  if (obstacle === undefined) return { kind: 'answer' };
  if (typeof obstacle === 'string') return { ...waitFor(obstacle, question), db };
  return { kind: 'reply', text: obstacle.error };
}

/** CLIENT UNBLOCK: translates the id to that of the client's dedicated connection. */
export function unblock(question: Question): Action {
  const { request, client } = question;
  const id = readNumber(request.text(2));
  const how = request.keyword(3);
  if (request.words.length > 4) return { kind: 'reply', text: wrongArity(request.described) };
  if (!['', 'timeout', 'error'].includes(how)) {
    return { kind: 'reply', text: error('ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR') };
  }
  if (Number.isNaN(id)) return { kind: 'reply', text: notAnInteger };
  const blocked = client.dedicatedOf(id);
  if (!blocked?.isBlocking) return { kind: 'reply', text: encodeValue(0, client.protocol) };
  const words = ['CLIENT', 'UNBLOCK', String(blocked.remoteId), how || 'timeout'];
  return overShared({ ...question, request: withWords(request, words) });
}

/** CLIENT TRACKING: translates the id to redirect to, which is the ambassador's. */
export function track(question: Question): Action {
  const { request, client } = question;
  const at = request.words.findIndex((_, index) => request.keyword(index) === 'redirect');
  if (at < 0) return overDedicated(question, { effect: 'pin' });
  const target = client.dedicatedOf(readNumber(request.text(at + 1)));
  if (target === undefined) {
    return { kind: 'reply', text: error('ERR The client ID you want redirect to does not exist') };
  }
  const words = request.words.with(at + 1, Buffer.from(String(target.remoteId)));
  return overDedicated({ ...question, request: withWords(request, words) }, { effect: 'pin' });
}
