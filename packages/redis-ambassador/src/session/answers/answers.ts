import type { Request } from '../../command/request.ts';
import type { Asker } from './asker.ts';
import { answerAuth } from './auth.ts';
import * as client from './client.ts';
import { answerKill } from './client-kill.ts';
import { answerList } from './client-list.ts';
import { answerQuit, answerReset, answerSelect } from './connection.ts';
import { answerHello } from './hello.ts';

/** Executes a request and returns the reply. */
type Answer = (request: Request, asker: Asker) => string;

/** Commands answered by the ambassador, by the name of their row. */
export const answers: ReadonlyMap<string, Answer> = new Map(
  Object.entries({
    auth: answerAuth,
    hello: answerHello,
    quit: answerQuit,
    reset: answerReset,
    select: answerSelect,
    'client|getname': client.answerGetName,
    'client|id': client.answerId,
    'client|info': client.answerInfo,
    'client|kill': answerKill,
    'client|list': answerList,
    'client|no-evict': client.answerNoEvict,
    'client|reply': client.answerReply,
    'client|setinfo': client.answerSetInfo,
    'client|setname': client.answerSetName,
  }),
);

/** Returns the reply to a request that the ambassador answers. */
export function answer(request: Request, asker: Asker): string {
  const give = answers.get(request.described.name);
  if (give === undefined) throw new Error(`no answer to ${request.described.name}`);
  return give(request, asker);
}
