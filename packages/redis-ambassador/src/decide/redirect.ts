import { type Address, withoutBrackets } from '../topology/endpoint.ts';
import type { Node } from '../topology/topology.ts';

/**
 * Meaning of an error that only says where, or when, to retry: the slot is at another node for good (`moved`), or this
 * one key already is (`ask`); the keys of the request are moving (`again`); or the server takes no requests now
 * (`outage`). None of these requests was executed.
 */
export type Redirect =
  | { readonly kind: 'moved'; readonly slot: number; readonly address: Address }
  | { readonly kind: 'ask'; readonly address: Address }
  | { readonly kind: 'again' }
  | { readonly kind: 'outage' };

const outages: ReadonlySet<string> = new Set(['CLUSTERDOWN', 'LOADING', 'MASTERDOWN', 'READONLY']);
const elsewhere = /^(MOVED|ASK) (\d{1,5}) (.*):(\d{1,5})$/;

/** Reads an error of a server of a topology with these nodes; undefined if the error is for the client. */
export function readRedirect(text: string, nodes: readonly Node[]): Redirect | undefined {
  const [word = ''] = text.split(' ', 1);
  if (word === 'TRYAGAIN') return { kind: 'again' };
  if (outages.has(word)) return { kind: 'outage' };
  const [, kind, slot, host = '', port] = elsewhere.exec(text) ?? [];
  if (kind === undefined) return undefined;
  const address = readAddress(host, Number(port), nodes);
  // the next refresh of the topology finds it
  if (address === undefined) return { kind: 'outage' };
  return kind === 'MOVED' ? { kind: 'moved', slot: Number(slot), address } : { kind: 'ask', address };
}

/** Without a host, the address is on the host of the answering server, which all nodes share then. */
function readAddress(host: string, port: number, nodes: readonly Node[]): Address | undefined {
  if (host === '?') return undefined;
  if (host !== '') return { host: withoutBrackets(host), port };
  const addresses = nodes.map(({ endpoint }) => endpoint?.address);
  const [only, ...others] = addresses.filter(
    (one) => one !== undefined && 'port' in one && one.port === port,
  );
  return others.length === 0 ? only : undefined;
}

/** Removes addresses from an error before a client sees it. */
export function withoutAddress(text: string): string {
  return /^(?:MOVED|ASK) /.test(text) ? 'its nodes disagree about the location of the keys' : text;
}
