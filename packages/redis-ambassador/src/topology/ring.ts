import { createHash } from 'node:crypto';
import { byteAt } from '../resp/bytes.ts';
import type { RingHash } from './ring-hashes.ts';
import type { Node, Placement } from './topology.ts';

/** Distributions of keys over the servers of a ring. */
export const distributions = ['ketama', 'modula', 'random'] as const;
/** Element of `distributions`. */
export type Distribution = (typeof distributions)[number];

/** A server of a ring. */
export interface Shard {
  readonly node: Node;
  readonly weight: number;
  /** Name that ketama hashes for it. */
  readonly name: string;
}

/** Placement rules of a ring. */
export interface RingRules {
  readonly hash: RingHash;
  readonly distribution: Distribution;
  /** The part of a key between these two bytes is hashed instead of the key. */
  readonly tag: readonly [open: number, close: number] | undefined;
}

/** Average number of points per server, four per digest. */
const pointsPerServer = 160;
const pointsPerDigest = 4;

/** Places keys on the `live` servers of a ring exactly as twemproxy does. */
export class Ring implements Placement {
  readonly shards: readonly Node[];
  readonly #nodes: readonly Node[];
  readonly #rules: RingRules;
  readonly #live: readonly number[];
  /** Server by point, in order; for modula by remainder. */
  readonly #owners: readonly number[];
  readonly #points: Uint32Array;

  constructor(shards: readonly Shard[], rules: RingRules, isLive: (shard: Shard) => boolean = () => true) {
    const numbered = shards.map((shard, index) => ({ ...shard, index, isLive: isLive(shard) }));
    const live = numbered.filter((shard) => shard.isLive).sort(byName);
    this.#nodes = shards.map(({ node }) => node);
    this.shards = live.map(({ node }) => node);
    this.#rules = rules;
    this.#live = live.map(({ index }) => index);
    const points = rules.distribution === 'ketama' ? ketamaPoints(live) : [];
    this.#points = Uint32Array.from(points, ([value]) => value);
    this.#owners =
      rules.distribution === 'ketama'
        ? points.map(([, index]) => index)
        : live.flatMap(({ index, weight }) => new Array<number>(weight).fill(index));
  }

  /** Returns the index of a key's server. Called for each request, so it allocates nothing. */
  slotOf(bytes: Uint8Array, start: number, end: number): number {
    const { distribution } = this.#rules;
    const only = this.#live[0] ?? -1;
    if (this.#live.length < 2) return only;
    if (distribution === 'random') return this.#live[Math.floor(Math.random() * this.#live.length)] ?? only;
    const value = start === end ? 0 : this.#hashOf(bytes, start, end);
    if (distribution === 'modula') return this.#owners[value % this.#owners.length] ?? only;
    return this.#owners[this.#pointFor(value)] ?? only;
  }

  /** Hashes the tag of a key, if not empty, else the whole key. */
  #hashOf(bytes: Uint8Array, start: number, end: number): number {
    const { tag, hash } = this.#rules;
    if (tag === undefined) return hash(bytes, start, end);
    let open = start;
    while (open < end && byteAt(bytes, open) !== tag[0]) open++;
    let close = open + 1;
    while (close < end && byteAt(bytes, close) !== tag[1]) close++;
    const isTagged = close < end && close > open + 1;
    return isTagged ? hash(bytes, open + 1, close) : hash(bytes, start, end);
  }

  nodeOf(slot: number): Node | undefined {
    return this.#nodes[slot];
  }

  /** Finds the first point at or after the value; wraps around to the first point. */
  #pointFor(value: number): number {
    let low = 0;
    let high = this.#points.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#points[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low === this.#points.length ? 0 : low;
  }
}

/** Sorts servers as twemproxy does: shorter names first, then by bytes. */
function byName({ name: one }: Shard, { name: other }: Shard): number {
  return one.length - other.length || Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** Computes the sorted points of the live servers, with the precision of twemproxy's `float`. */
function ketamaPoints(
  live: ReadonlyArray<{ readonly index: number; readonly weight: number; readonly name: string }>,
): ReadonlyArray<readonly [value: number, index: number]> {
  const total = live.reduce((sum, { weight }) => sum + weight, 0);
  const points: Array<readonly [number, number]> = [];
  for (const { index, weight, name } of live) {
    const part = Math.fround(Math.fround(weight) / Math.fround(total));
    const digests = Math.fround(
      Math.fround(Math.fround(part * pointsPerServer) / pointsPerDigest) * live.length,
    );
    const count = Math.floor(Math.fround(digests + 1e-10));
    for (let digest = 0; digest < count; digest++) {
      const bytes = createHash('md5').update(`${name}-${digest}`).digest();
      for (let at = 0; at < pointsPerDigest; at++) points.push([bytes.readUInt32LE(at * 4), index]);
    }
  }
  return points.sort(([a], [b]) => a - b);
}
