import { isAddress, isOfFamily } from '../../probe/net/place.ts';
import { readBarePlace } from '../authority.ts';
import { kind } from '../kind.ts';
import { probeTcp } from './probe.ts';

const families: Readonly<Record<string, 0 | 4 | 6>> = { tcp: 0, tcp4: 4, tcp6: 6 };

/** A port that must accept: over either family of addresses, over IPv4, over IPv6. */
export const tcp = kind({
  schemes: Object.keys(families),
  form: '//HOST:PORT',
  ready: 'it connects',
  keys: {},
  read: ({ scheme, rest }) => {
    const place = readBarePlace(rest);
    if (typeof place === 'string') return place;
    const family = families[scheme] ?? 0;
    if (isAddress(place.host) && !isOfFamily(place.host, family)) {
      return `the address is not IPv${family}`;
    }
    return { spec: { ...place, family } };
  },
  probe: probeTcp,
  explain: (spec) => ({ places: [spec] }),
});
