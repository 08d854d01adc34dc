import type { Request } from '../../command/request.ts';
import { ok, readNumber } from '../../command/words.ts';
import type { Asker } from './asker.ts';

/** QUIT: the connection ends after the answer. */
export function answerQuit(_request: Request, asker: Asker): string {
  asker.leave();
  return ok;
}

/** RESET: makes the connection as it was at its start. */
export function answerReset(_request: Request, asker: Asker): string {
  const { state, services } = asker;
  asker.dropDedicated();
  state.protocol = 2;
  state.db = services.nodes.topology.db;
  state.name = '';
  state.user = 'default';
  state.isLoggedIn = services.access.isOpen;
  state.isMultiOpen = false;
  state.hasReplies = true;
  state.skips = 0;
  return '+RESET\r\n';
}

/** SELECT, of a database that can be used. */
export function answerSelect(request: Request, { state }: Asker): string {
  state.db = readNumber(request.text(1));
  return ok;
}
