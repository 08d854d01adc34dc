import type { Place } from '../../probe/net/place.ts';
import { loginSecrets, readAuthority } from '../authority.ts';

/** Parts of a MongoDB URL, as its drivers read it. */
export interface MongodbUrl {
  /** The members that it names; none where they are named in DNS. */
  readonly hosts: readonly Place[];
  /** The name of the SRV records that name them. */
  readonly service: string | undefined;
  readonly isTls: boolean;
  readonly secrets: readonly string[];
}

const port = 27_017;

/** Reads `//[USER:PASSWORD@]HOST[:PORT],HOST[:PORT]/NAME?tls=true`; a string describes the fault. */
export function readMongodbUrl(rest: string, isService: boolean): MongodbUrl | string {
  const { login, hosts, tail } = takeApart(rest);
  const [first = '', ...others] = hosts.split(',');
  // login and tail are judged with the first host
  const authority = readAuthority(rest.startsWith('//') ? `//${login}${first}${tail}` : rest, port);
  if (typeof authority === 'string') return authority;
  const places: Place[] = [{ host: authority.host, port: authority.port }];
  for (const other of others) {
    const place = readAuthority(`//${other}`, port);
    if (typeof place === 'string') return place;
    places.push({ host: place.host, port: place.port });
  }
  const isTls = readTls(authority.query) ?? isService;
  const secrets = loginSecrets(authority);
  if (!isService) return { hosts: places, service: undefined, isTls, secrets };
  if (others.length > 0 || first.includes(':')) {
    return 'expected one host without a port: DNS names the servers';
  }
  return { hosts: [], service: `_mongodb._tcp.${authority.host}`, isTls, secrets };
}

function takeApart(rest: string): { readonly login: string; readonly hosts: string; readonly tail: string } {
  const text = rest.slice(2);
  const end = text.search(/[/?#]/);
  const place = end < 0 ? text : text.slice(0, end);
  const at = place.lastIndexOf('@') + 1;
  return { login: place.slice(0, at), hosts: place.slice(at), tail: text.slice(place.length) };
}

/** Undefined where the query does not say. */
function readTls(query: string): boolean | undefined {
  const parameters = new URLSearchParams(query);
  const text = parameters.get('tls') ?? parameters.get('ssl');
  return text === null ? undefined : text === 'true';
}
