import { describeError } from '@pod-patterns/kit';
import type { Request } from '../../command/request.ts';
import { ok, syntaxError, wrongPassword } from '../../command/words.ts';
import { error } from '../../resp/encode.ts';
import type { Access } from '../access.ts';
import type { ClientState } from '../client-state.ts';
import type { Asker } from './asker.ts';

const noPasswordSet = error(
  'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
);

/** AUTH [user] password: logs in to the ambassador. Without a password file it answers like an open Redis. */
export function answerAuth(request: Request, { state, services }: Asker): string {
  const { access } = services;
  const count = request.words.length;
  if (count > 3) return syntaxError;
  if (count === 2 && access.isOpen) return noPasswordSet;
  const user = count === 3 ? request.text(1) : 'default';
  return logIn(state, access, { user, password: request.text(count - 1) }) ?? ok;
}

/** Logs a client in; returns an error if refused. */
export function logIn(
  client: ClientState,
  access: Access,
  { user, password }: { readonly user: string; readonly password: string },
): string | undefined {
  try {
    if (!access.admits(user, password)) return wrongPassword;
  } catch (cause) {
    return error(`ERR redis-ambassador: ${describeError(cause)}`);
  }
  client.isLoggedIn = true;
  client.user = user;
  return undefined;
}
