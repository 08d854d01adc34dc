import type { Place } from '../probe/net/place.ts';
import { loginSecrets, readAuthority } from './authority.ts';

/** A server whose handshake says whether it accepts connections. */
export interface Server extends Place {
  /** For the handshake; a password is never sent. */
  readonly user: string | undefined;
  readonly database: string;
}

/** How the URL of such a server is written. */
export const serverForm = '//[USER:PASSWORD@]HOST:PORT[/NAME]';

/**
 * Reads the URL of a server. It is often that of the application: its query is for the application's driver.
 * A string describes the fault.
 */
export function readServer(
  rest: string,
  defaultPort: number,
): { readonly spec: Server; readonly secrets: readonly string[] } | string {
  const authority = readAuthority(rest, defaultPort);
  if (typeof authority === 'string') return authority;
  const { host, port, user, path: database } = authority;
  return { spec: { host, port, user, database }, secrets: loginSecrets(authority) };
}
