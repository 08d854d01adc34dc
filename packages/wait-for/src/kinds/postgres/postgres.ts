import { kind } from '../kind.ts';
import { readServer, serverForm } from '../server-url.ts';
import { probePostgres } from './probe.ts';

/** PostgreSQL, or a pooler that speaks like it. */
export const postgres = kind({
  schemes: ['postgres', 'postgresql'],
  form: serverForm,
  ready: 'it asks for a password or accepts the client',
  keys: {},
  read: ({ rest }) => readServer(rest, 5432),
  probe: probePostgres,
  explain: (spec) => ({ places: [spec] }),
});
