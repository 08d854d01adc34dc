import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import { quote } from '../api/decode.ts';
import { type KubernetesVersion, minor } from '../api/versions.ts';
import type { NameForm } from './names.ts';

export const ipAddress: NameForm = (text) =>
  isIP(text) === 0 ? `${quote(text)} is not an IP address` : undefined;

// ValidateNonSpecialIP of k8s.io/kubernetes: loopback, link-local and unspecified addresses
const special = new BlockList();
special.addAddress('0.0.0.0');
special.addAddress('::', 'ipv6');
special.addSubnet('127.0.0.0', 8);
special.addAddress('::1', 'ipv6');
special.addSubnet('169.254.0.0', 16);
special.addSubnet('fe80::', 10, 'ipv6');
special.addSubnet('224.0.0.0', 24);
special.addSubnet('ff02::', 16, 'ipv6');

/** An address that other hosts can reach. */
export const sharedAddress: NameForm = (text) => {
  const fault = ipAddress(text);
  if (fault !== undefined) return fault;
  return special.check(text, familyOf(text))
    ? `${quote(text)} is an unspecified, loopback or link-local address`
    : undefined;
};

/** `10.0.0.0/8`, `fd00::/8`. */
export const cidr: NameForm = (text) => {
  const [address = '', bits = '', ...rest] = text.split('/');
  const most = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  const isCidr = rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
  return isCidr ? undefined : `${quote(text)} is not a network such as 10.0.0.0/8`;
};

/** As `cidr`; from 1.36 the address must be the network's first, with nothing set behind the prefix. */
export function networkFault(text: string, version: KubernetesVersion): string | undefined {
  const fault = cidr(text);
  if (fault !== undefined || minor(version) < 36) return fault;
  const [address = '', bits] = text.split('/');
  if (/^::ffff:/i.test(address)) return `${quote(text)} is an IPv4 network written as IPv6`;
  const all = numberOf(address);
  const behind = BigInt((isIPv6(address) ? 128 : 32) - Number(bits));
  return (all >> behind) << behind === all
    ? undefined
    : `${quote(text)} is not a network: bits after its prefix are set`;
}

/** An address as a number. */
function numberOf(address: string): bigint {
  if (isIPv4(address)) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  // in the one form that URLs have: no dots, no leading zeros, one gap at most
  const [left = '', right = ''] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const [before, after] = [left, right].map((half) => (half === '' ? [] : half.split(':')));
  const gap = Array<string>(8 - (before?.length ?? 0) - (after?.length ?? 0)).fill('0');
  return [...(before ?? []), ...gap, ...(after ?? [])].reduce(
    (sum, part) => sum * 65_536n + BigInt(`0x${part}`),
    0n,
  );
}

/** Whether the first network is a part of the second, and smaller; both of the form `cidr`. */
export function isStrictlyWithin(part: string, whole: string): boolean {
  const [address = '', bits] = part.split('/');
  const [wholeAddress = '', wholeBits] = whole.split('/');
  const list = new BlockList();
  list.addSubnet(wholeAddress, Number(wholeBits), familyOf(wholeAddress));
  return list.check(address, familyOf(address)) && Number(bits) > Number(wholeBits);
}

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');
