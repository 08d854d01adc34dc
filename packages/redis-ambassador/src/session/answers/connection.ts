import type { Request } from '../../command/request.ts';
import { ok, readNumber } from '../../command/words.ts';
import type { Asker } from './asker.ts';

/** QUIT: closes the connection after the answer. */
export function answerQuit(_request: Request, asker: Asker): string {
  asker.leave();
  return ok;
}

/** RESET: restores the initial state of the connection. */
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

/** SELECT: switches to a usable database. */
export function answerSelect(request: Request, { state }: Asker): string {
  state.db = readNumber(request.text(1));
  return ok;
}
