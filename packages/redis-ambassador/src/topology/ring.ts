import { createHash } from 'node:crypto';
import { byteAt } from '../resp/bytes.ts';
import type { RingHash } from './ring-hashes.ts';
import type { Node, Placement } from './topology.ts';

/** How keys are spread over the servers of a ring. */
export const distributions = ['ketama', 'modula', 'random'] as const;
/** One of them. */
export type Distribution = (typeof distributions)[number];

/** A server of a ring. */
export interface Shard {
  readonly node: Node;
  readonly weight: number;
  /** What ketama hashes for it. */
  readonly name: string;
}

/** How a ring places keys. */
export interface RingRules {
  readonly hash: RingHash;
  readonly distribution: Distribution;
  /** What stands between these two bytes of a key is hashed in its place. */
  readonly tag: readonly [open: number, close: number] | undefined;
}

/** Each server has this many points on average, four of each digest. */
const pointsPerServer = 160;
const pointsPerDigest = 4;

/** Places keys on the servers of a ring exactly as twemproxy does; those that are not `live` have none. */
export class Ring implements Placement {
  readonly shards: readonly Node[];
  readonly #nodes: readonly Node[];
  readonly #rules: RingRules;
  readonly #live: readonly number[];
  /** By point, in their order, the server that has it; of modula by remainder. */
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

  /** The slot of a key is the number of its server. Called for each request, so it allocates nothing. */
  slotOf(bytes: Uint8Array, start: number, end: number): number {
    const { distribution } = this.#rules;
    const only = this.#live[0] ?? -1;
    if (this.#live.length < 2) return only;
    if (distribution === 'random') return this.#live[Math.floor(Math.random() * this.#live.length)] ?? only;
    const value = start === end ? 0 : this.#hashOf(bytes, start, end);
    if (distribution === 'modula') return this.#owners[value % this.#owners.length] ?? only;
    return this.#owners[this.#pointFor(value)] ?? only;
  }

  /** The hash of what the tag of a key holds, if it has one that is not empty; else of the key. */
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

  /** The first point at or behind the value; past the last one it is the first of all. */
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

/** twemproxy sorts its servers when it reads them: shorter names first, then by their bytes. */
function byName({ name: one }: Shard, { name: other }: Shard): number {
  return one.length - other.length || Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** The points of the live servers, sorted. Arithmetic with the precision of twemproxy's `float`. */
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
