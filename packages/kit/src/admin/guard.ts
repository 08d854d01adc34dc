import type { IncomingMessage } from 'node:http';
import type { SecureContextOptions, TlsOptions } from 'node:tls';

/** What keeps strangers out of an admin port that others can reach: TLS and logins. */
export interface AdminGuard {
  /** Settings of TLS; without them the port speaks HTTP. */
  readonly tls: TlsOptions | undefined;
  /** The certificate as it is now, asked for once a minute; the same object while it has not changed. */
  readonly certificate: () => SecureContextOptions;
  /** Headers that every answer has. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether a request may be answered; else it gets 401. */
  readonly admits: (request: IncomingMessage) => Promise<boolean>;
}
