import { isIPv4, isIPv6 } from 'node:net';

/**
 * The addresses that a hosts file (hosts(5)) has for a name, in its order. Skips unreadable lines, as
 * the system's own resolver does.
 */
export function addressesIn(hosts: string, name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return hosts.split('\n').flatMap((line) => {
    const [said = ''] = line.split('#', 1);
    const [address = '', ...names] = said.trim().split(/\s+/);
    const isMeant = names.some((one) => one.toLowerCase() === wanted);
    return isMeant && (isIPv4(address) || isIPv6(address)) ? [address] : [];
  });
}
