import type { Files } from '../files.ts';
import { readServerAddress } from './server-address.ts';

/** Settings of `resolv.conf` for looking up names (resolv.conf(5)). */
export interface ResolvConf {
  /** As node:dns takes them. */
  readonly servers: readonly string[];
  readonly search: readonly string[];
  /** A name with fewer dots is tried with the search domains first. */
  readonly ndots: number;
}

const maxServers = 3;
const defaultNdots = 1;

/** Never fails: skips unreadable lines, as the system's own resolver does. */
export function parseResolvConf(text: string): ResolvConf {
  const servers: string[] = [];
  let search: string[] = [];
  let ndots = defaultNdots;
  for (const line of text.split('\n')) {
    const [said = ''] = line.split(/[#;]/, 1);
    const [word = '', ...rest] = said.trim().split(/\s+/);
    if (word === 'nameserver') {
      const server = readServerAddress(rest[0] ?? '');
      if (typeof server === 'string' && servers.length < maxServers) servers.push(server);
    } else if (word === 'search') search = rest;
    else if (word === 'domain') search = rest.slice(0, 1);
    else if (word === 'options') {
      const option = rest.findLast((one) => /^ndots:\d+$/.test(one));
      if (option !== undefined) ndots = Math.min(15, Number(option.slice('ndots:'.length)));
    }
  }
  return { servers, search: search.map((domain) => domain.replace(/\.$/, '')), ndots };
}

/** A missing file means the defaults: the server on this host. */
export async function readResolvConf(path: string, files: Files): Promise<ResolvConf> {
  const text = await files.readText(path);
  const conf = parseResolvConf(typeof text === 'string' ? text : '');
  return conf.servers.length > 0 ? conf : { ...conf, servers: ['127.0.0.1'] };
}

/**
 * The full names to ask for, in order, without the closing dot: a name that ends in a dot only as it is;
 * one with at least `ndots` dots as it is first; any other with the search domains first.
 */
export function candidateNames(name: string, { search, ndots }: ResolvConf): readonly string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const searched = search.filter((domain) => domain !== '').map((domain) => `${name}.${domain}`);
  const dots = name.split('.').length - 1;
  return dots >= ndots ? [name, ...searched] : [...searched, name];
}
