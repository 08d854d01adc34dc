import { isIPv4, isIPv6 } from 'node:net';
import type { Reader } from '@pod-patterns/kit';
import { count, defaulted, optional } from '../../keys/key.ts';
import type { RecordType } from '../../probe/names/name-servers.ts';
import { candidateNames, readResolvConf } from '../../probe/names/resolv-conf.ts';
import { readServerAddress } from '../../probe/names/server-address.ts';
import { isHostName } from '../../probe/net/place.ts';
import { kind } from '../kind.ts';
import { type Cidr, probeDns } from './probe.ts';

const server: Reader<string> = {
  expected: 'the address of a DNS server, IP or IP:PORT',
  read: readServerAddress,
};

const cidr: Reader<Cidr> = {
  expected: 'a range of addresses such as 10.0.0.0/8',
  read: (text) => {
    const [address = '', bits, ...more] = text.split('/');
    const isV4 = isIPv4(address);
    const prefix = /^\d{1,3}$/.test(bits ?? '') ? Number(bits) : Number.NaN;
    if (more.length > 0 || !(isV4 || isIPv6(address)) || !(prefix <= (isV4 ? 32 : 128))) return undefined;
    return { text, address, prefix, family: isV4 ? 'ipv4' : 'ipv6' };
  },
};

const records: Readonly<Record<string, readonly RecordType[]>> = {
  dns: ['A', 'AAAA'],
  'dns+a': ['A'],
  'dns+aaaa': ['AAAA'],
  'dns+srv': ['SRV'],
};

/** A name that must have records: addresses, those of one family, or services with host and port. */
export const dns = kind({
  schemes: Object.keys(records),
  form: 'NAME',
  ready: 'the name has records (search domains and `ndots` apply)',
  keys: {
    min: defaulted(count, '1', { note: 'answers needed' }),
    server: optional(server, { hint: 'IP[:PORT]' }),
    in: optional(cidr, { hint: 'CIDR', note: 'count only these addresses' }),
  },
  read: ({ scheme, rest }, keys) => {
    const name = rest.replace(/^\/\//, '');
    const wanted = records[scheme] ?? [];
    if (!isHostName(name) || isIPv4(name)) return 'expected a name';
    if (keys.in !== undefined && wanted.includes('SRV'))
      return 'in applies to addresses, but SRV records hold names';
    return { spec: { name, records: wanted, minCount: keys.min, server: keys.server, within: keys.in } };
  },
  probe: probeDns,
  explain: async ({ name }, { files, resolvConf }) => ({
    names: candidateNames(name, await readResolvConf(resolvConf, files)),
  }),
});
