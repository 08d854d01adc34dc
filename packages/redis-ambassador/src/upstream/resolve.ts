import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { promisify } from 'node:util';

type Ask = (host: string) => Promise<readonly LookupAddress[]>;

const askSystem: Ask = (host) => promisify(lookup)(host, { all: true });

/**
 * Resolves names for `net.connect` at each connection, but each name once at a time, because a lookup that
 * hangs blocks one of Node's few threads for lookups. If the resolver fails, the former addresses of the
 * name are used.
 */
export function createResolver(ask: Ask = askSystem): LookupFunction {
  const pending = new Map<string, Promise<readonly LookupAddress[]>>();
  const known = new Map<string, readonly LookupAddress[]>();

  const resolve = async (host: string): Promise<readonly LookupAddress[]> => {
    try {
      const addresses = await ask(host);
      known.set(host, addresses);
      return addresses;
    } catch (error) {
      const before = known.get(host);
      if (before === undefined) throw error;
      return before;
    } finally {
      pending.delete(host);
    }
  };

  return (host, options, callback) => {
    const asked = pending.get(host) ?? resolve(host);
    pending.set(host, asked);
    asked.then(
      (addresses) => {
        const [first] = addresses;
        if (options.all) callback(null, [...addresses]);
        else callback(null, first?.address ?? '', first?.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}
