import { filePath, optional, type Reader, wholeNumber } from '../keys.ts';
import { isHostName, type Place } from '../place.ts';
import { scheme } from '../scheme.ts';
import { readBarePlace } from './tcp.ts';

/** A port where TLS must verify. */
export interface TlsSpec extends Place {
  readonly type: 'tls';
  /** The name to ask for and to find in the certificate, when it is another than the host. */
  readonly sni: string | undefined;
  /** Files in PEM. */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** How long the certificate must still be valid. */
  readonly minDays: number | undefined;
}

const serverName: Reader<string> = {
  expected: 'the name of a host',
  read: (text) => (isHostName(text) ? text : undefined),
};

/** `tls://HOST:PORT`. */
export const tls = scheme({
  form: 'tls://HOST:PORT',
  keys: {
    sni: optional(serverName),
    ca: optional(filePath),
    cert: optional(filePath),
    key: optional(filePath),
    minDays: optional(wholeNumber(1, 3650)),
  },
  read: (rest, keys) => {
    const place = readBarePlace(rest);
    if (typeof place === 'string') return place;
    if ((keys.cert === undefined) !== (keys.key === undefined)) return 'cert and key go together';
    return { spec: { type: 'tls', ...place, ...keys } };
  },
});
