import { integer, type Reader } from '@pod-patterns/kit';
import { authorities, filePath, optional } from '../../keys/key.ts';
import { isHostName } from '../../probe/net/place.ts';
import { readBarePlace } from '../authority.ts';
import { kind } from '../kind.ts';
import { probeTls } from './probe.ts';

const serverName: Reader<string> = {
  expected: 'a host name',
  read: (text) => (isHostName(text) ? text : undefined),
};

/** A port where TLS must verify. */
export const tls = kind({
  schemes: ['tls'],
  form: '//HOST:PORT',
  ready: 'the handshake succeeds and the certificate verifies',
  keys: {
    sni: optional(serverName, { hint: 'NAME', note: 'name to request and to verify' }),
    ca: authorities(),
    cert: optional(filePath, { hint: '/FILE', note: 'client certificate, in PEM' }),
    key: optional(filePath, { hint: '/FILE', note: 'its private key, in PEM' }),
    minDays: optional(integer(1, 3650), { hint: 'DAYS', note: 'remaining validity' }),
  },
  read: ({ rest }, keys) => {
    const place = readBarePlace(rest);
    if (typeof place === 'string') return place;
    if ((keys.cert === undefined) !== (keys.key === undefined)) return 'cert and key go together';
    return { spec: { ...place, ...keys } };
  },
  probe: probeTls,
  explain: (spec) => ({ places: [spec] }),
});
