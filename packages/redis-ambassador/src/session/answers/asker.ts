import type { Client } from '../client.ts';
import type { SessionServices } from '../services.ts';

/** The client whose request is answered. */
export interface Asker extends Client {
  readonly services: Pick<SessionServices, 'access' | 'clients' | 'nodes' | 'now'>;
  /** Gives its dedicated link up, and all that was set up there. */
  dropDedicated(): void;
  /** Its connection ends after this answer. */
  leave(): void;
}
