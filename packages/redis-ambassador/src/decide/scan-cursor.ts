import { bulk, elementsOf, list } from '../command/merge.ts';
import { error } from '../resp/encode.ts';

/** Room for the index of a node within a cursor; more nodes than any Cluster has. */
const nodesPerCursor = 1024n;
const end = 2n ** 64n;

/** Position of a SCAN over several nodes: the node, and its own cursor. */
export interface ScanPlace {
  readonly index: number;
  readonly cursor: string;
}

/** Reads a cursor; undefined if it is malformed or of a missing node. */
export function scanAt(text: string, nodes: number): ScanPlace | undefined {
  if (!/^\d{1,20}$/.test(text)) return undefined;
  const cursor = BigInt(text);
  const index = Number(cursor % nodesPerCursor);
  return index < nodes ? { index, cursor: String(cursor / nodesPerCursor) } : undefined;
}

/** Makes the client's cursor from the node's; undefined if it does not fit. */
export function scanOn({ index, cursor }: ScanPlace, nodes: number): string | undefined {
  if (cursor === '0') return index + 1 < nodes ? String(index + 1) : '0';
  const packed = BigInt(cursor) * nodesPerCursor + BigInt(index);
  return packed < end ? String(packed) : undefined;
}

/** Rewrites the reply of a node to SCAN with the client's cursor. */
export function scanReply(reply: Buffer, asked: string, nodes: number): Buffer {
  const [cursor, ...rest] = elementsOf(reply);
  const place = scanAt(asked, nodes);
  const own = cursor?.toString('latin1').split('\r\n')[1];
  if (own === undefined || place === undefined || !/^\d+$/.test(own)) return reply;
  const next = scanOn({ ...place, cursor: own }, nodes);
  if (next === undefined)
    return Buffer.from(error('ERR redis-ambassador: the cursor of a node is too large'));
  return list([bulk(next), ...rest]);
}
