import { type Address, withoutBrackets } from '../topology/endpoint.ts';
import type { Node } from '../topology/topology.ts';

/**
 * What an error means that says only where, or when, to ask: the slot is at another node for good (`moved`), or this
 * one key already (`ask`); the keys of the request are on their way (`again`); or the server takes no requests now
 * (`outage`). None of them was executed.
 */
export type Redirect =
  | { readonly kind: 'moved'; readonly slot: number; readonly address: Address }
  | { readonly kind: 'ask'; readonly address: Address }
  | { readonly kind: 'again' }
  | { readonly kind: 'outage' };

const outages: ReadonlySet<string> = new Set(['CLUSTERDOWN', 'LOADING', 'MASTERDOWN', 'READONLY']);
const elsewhere = /^(MOVED|ASK) (\d{1,5}) (.*):(\d{1,5})$/;

/** Reads an error of a server of a topology with these nodes; undefined for what is one to the client. */
export function readRedirect(text: string, nodes: readonly Node[]): Redirect | undefined {
  const [word = ''] = text.split(' ', 1);
  if (word === 'TRYAGAIN') return { kind: 'again' };
  if (outages.has(word)) return { kind: 'outage' };
  const [, kind, slot, host = '', port] = elsewhere.exec(text) ?? [];
  if (kind === undefined) return undefined;
  const address = readAddress(host, Number(port), nodes);
  // it is found by asking where all slots are
  if (address === undefined) return { kind: 'outage' };
  return kind === 'MOVED' ? { kind: 'moved', slot: Number(slot), address } : { kind: 'ask', address };
}

/** Without a host it is on the host of the server that has answered, which all nodes share then. */
function readAddress(host: string, port: number, nodes: readonly Node[]): Address | undefined {
  if (host === '?') return undefined;
  if (host !== '') return { host: withoutBrackets(host), port };
  const addresses = nodes.map(({ endpoint }) => endpoint?.address);
  const [only, ...others] = addresses.filter(
    (one) => one !== undefined && 'port' in one && one.port === port,
  );
  return others.length === 0 ? only : undefined;
}

/** What a client may hear of an error that says where keys are. */
export function withoutAddress(text: string): string {
  return /^(?:MOVED|ASK) /.test(text) ? 'its nodes disagree about the location of the keys' : text;
}
