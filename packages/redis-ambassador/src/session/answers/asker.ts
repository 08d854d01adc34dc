import type { Client } from '../client.ts';
import type { SessionServices } from '../services.ts';

/** The client whose request is answered. */
export interface Asker extends Client {
  readonly services: Pick<SessionServices, 'access' | 'clients' | 'nodes' | 'now'>;
  /** Drops its dedicated link with all its state. */
  dropDedicated(): void;
  /** Closes its connection after this answer. */
  leave(): void;
}
