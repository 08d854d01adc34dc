import { isIPv4, isIPv6 } from 'node:net';
import { Refusal } from '@pod-patterns/kit';
import { readPort } from '../net/place.ts';

/** Reads the address of a DNS server: `10.0.0.10`, `10.0.0.10:53`, `fd00::a`, `[fd00::a]:53`; returns the form of node:dns. */
export function readServerAddress(text: string): string | Refusal | undefined {
  if (isIPv4(text) || isIPv6(text)) return text;
  const match = /^(?:\[([^\]]+)\]|([\d.]+))(?::(\d{1,20}))?$/.exec(text);
  const [, v6, v4 = '', digits = '53'] = match ?? [];
  if (v6 === undefined ? !isIPv4(v4) : !isIPv6(v6)) return undefined;
  const port = readPort(digits);
  return port instanceof Refusal ? port : `${v6 === undefined ? v4 : `[${v6}]`}:${port}`;
}
