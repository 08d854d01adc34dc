import { kind } from '../kind.ts';
import { readServer, serverForm } from '../server-url.ts';
import { probeMongodb } from './probe.ts';

/** MongoDB. */
export const mongodb = kind({
  schemes: ['mongodb'],
  form: serverForm,
  ready: 'hello says that it can be read from',
  keys: {},
  read: ({ rest }) => {
    const read = readServer(rest, 27_017);
    return typeof read === 'string' ? read : { spec: read.server, secrets: read.secrets };
  },
  probe: probeMongodb,
  explain: (spec) => ({ places: [spec] }),
});
