import { isIPv4, isIPv6 } from 'node:net';
import { Refusal } from '@pod-patterns/kit';
import { defaulted, optional, type Reader, wholeNumber } from '../keys.ts';
import { isHostName, readPort } from '../place.ts';
import { type Scheme, scheme } from '../scheme.ts';

/** Kinds of records that can be waited for. */
export type RecordType = 'A' | 'AAAA' | 'SRV';

/** A range of addresses. */
export interface Cidr {
  readonly text: string;
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** A name that must have records. */
export interface DnsSpec {
  readonly type: 'dns';
  readonly name: string;
  /** Any of these makes an answer. */
  readonly records: readonly RecordType[];
  /** How many answers there must be. */
  readonly minCount: number;
  /** `IP:PORT` of the server to ask instead of those of resolv.conf. */
  readonly server: string | undefined;
  /** Only answers in this range count. */
  readonly within: Cidr | undefined;
}

const server: Reader<string> = {
  expected: 'the address of a DNS server, IP or IP:PORT',
  read: readDnsServer,
};

/** Reads `10.0.0.10`, `10.0.0.10:53`, `fd00::a`, `[fd00::a]:53`; gives what node:dns takes. */
export function readDnsServer(text: string): string | Refusal | undefined {
  if (isIPv4(text) || isIPv6(text)) return text;
  const match = /^(?:\[([^\]]+)\]|([\d.]+))(?::(\d{1,20}))?$/.exec(text);
  const [, v6, v4 = '', digits = '53'] = match ?? [];
  if (v6 === undefined ? !isIPv4(v4) : !isIPv6(v6)) return undefined;
  const port = readPort(digits);
  return port instanceof Refusal ? port : `${v6 === undefined ? v4 : `[${v6}]`}:${port}`;
}

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

function dnsScheme(name: string, records: readonly RecordType[]): Scheme {
  return scheme({
    form: `${name}:NAME`,
    keys: {
      min: defaulted(wholeNumber(1), '1'),
      server: optional(server),
      in: optional(cidr),
    },
    read: (rest, keys) => {
      const host = rest.replace(/^\/\//, '');
      if (!isHostName(host) || isIPv4(host)) return 'expected a name';
      if (keys.in !== undefined && records.includes('SRV')) return 'in is for addresses, SRV answers names';
      return {
        spec: { type: 'dns', name: host, records, minCount: keys.min, server: keys.server, within: keys.in },
      };
    },
  });
}

/** `dns:NAME`: an address of either family. */
export const dns = dnsScheme('dns', ['A', 'AAAA']);
/** `dns+a:NAME`: an IPv4 address. */
export const dnsA = dnsScheme('dns+a', ['A']);
/** `dns+aaaa:NAME`: an IPv6 address. */
export const dnsAaaa = dnsScheme('dns+aaaa', ['AAAA']);
/** `dns+srv:NAME`: a service with host and port. */
export const dnsSrv = dnsScheme('dns+srv', ['SRV']);
