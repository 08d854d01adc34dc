import { connectionName } from '../upstream/login.ts';
import type { ClientState } from './client-state.ts';

/**
 * Reads changes that a transaction made to its connection from the reply to CLIENT INFO.
 * Before, the connection had the ambassador's name, this database, and no library name.
 */
export function changesIn(info: string): Partial<ClientState> {
  const fields = new Map(
    info
      .trim()
      .split(' ')
      .map((field) => split(field)),
  );
  const name = fields.get('name');
  const db = fields.get('db');
  const library = fields.get('lib-name');
  const libraryVersion = fields.get('lib-ver');
  return {
    ...(name === undefined || name === connectionName ? {} : { name }),
    ...(db === undefined ? {} : { db: Number(db) }),
    ...(library ? { library } : {}),
    ...(libraryVersion ? { libraryVersion } : {}),
  };
}

function split(field: string): [name: string, value: string] {
  const at = field.indexOf('=');
  return [field.slice(0, at), field.slice(at + 1)];
}
