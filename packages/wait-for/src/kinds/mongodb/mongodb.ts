import { authorities } from '../../keys/key.ts';
import { kind } from '../kind.ts';
import { probeMongodb } from './probe.ts';
import { readMongodbUrl } from './url.ts';

/** MongoDB: one server, or the members of a set; `mongodb+srv` finds them in DNS, and is over TLS. */
export const mongodb = kind({
  schemes: ['mongodb', 'mongodb+srv'],
  form: '//[USER:PASSWORD@]HOST[:PORT][,HOST…][/NAME]',
  ready: 'one of its members accepts reads',
  keys: { ca: authorities() },
  read: ({ scheme, rest }, { ca }) => {
    const url = readMongodbUrl(rest, scheme === 'mongodb+srv');
    if (typeof url === 'string') return url;
    if (ca !== undefined && !url.isTls) return 'ca is for mongodb+srv:// and for tls=true only';
    const { secrets, ...members } = url;
    return { spec: { ...members, ca }, secrets };
  },
  probe: probeMongodb,
  explain: ({ hosts, service }) => (service === undefined ? { places: hosts } : { names: [service] }),
});
