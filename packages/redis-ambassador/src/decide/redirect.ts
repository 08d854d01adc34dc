import { type Address, withoutBrackets } from '../topology/endpoint.ts';

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

/** Reads an error; undefined for what is one to the client. */
export function readRedirect(text: string): Redirect | undefined {
  const [word = ''] = text.split(' ', 1);
  if (word === 'TRYAGAIN') return { kind: 'again' };
  if (outages.has(word)) return { kind: 'outage' };
  const [, kind, slot, host = '', port] = elsewhere.exec(text) ?? [];
  if (kind === undefined) return undefined;
  // an address without a host is one on the server that has answered: it is found by asking for all of them
  if (host === '' || host === '?') return { kind: 'outage' };
  const address = { host: withoutBrackets(host), port: Number(port) };
  return kind === 'MOVED' ? { kind: 'moved', slot: Number(slot), address } : { kind: 'ask', address };
}

/** What a client may hear of an error that says where keys are. */
export function withoutAddress(text: string): string {
  return /^(?:MOVED|ASK) /.test(text) ? 'its nodes do not agree on where the keys are' : text;
}
