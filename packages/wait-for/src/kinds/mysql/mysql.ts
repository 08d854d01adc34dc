import { kind } from '../kind.ts';
import { readServer, serverForm } from '../server-url.ts';
import { probeMysql } from './probe.ts';

/** MySQL or MariaDB. */
export const mysql = kind({
  schemes: ['mysql'],
  form: serverForm,
  ready: 'it sends its greeting',
  keys: {},
  read: ({ rest }) => readServer(rest, 3306),
  probe: probeMysql,
  explain: (spec) => ({ places: [spec] }),
});
