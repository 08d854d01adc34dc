import { bulk, RawConnection, request } from './raw-connection.ts';

/** Replies that an outage may cause. */
const failure = /^-(?:LOADING|LOST|MASTERDOWN|CLUSTERDOWN|TRYAGAIN) /;

/** Results of a client. */
export interface Tally {
  /** Keys of acknowledged writes, by their values. */
  readonly acknowledged: Map<string, string>;
  right: number;
  errors: number;
  /** The longest time between two correct replies. */
  longestGapMs: number;
}

/** How marked requests are sent. */
export interface TrafficOptions {
  readonly port: number;
  /** Whether a failover may lose recently acknowledged writes. */
  readonly mayLose?: boolean;
  /** The client's name in all its keys and values. */
  readonly name: string;
  readonly isOver: () => boolean;
}

/**
 * A client that writes values naming it and the request, in pipelines, and reads them back until `isOver`. Any
 * reply but the correct one or an error of an outage fails the test.
 */
export async function markedTraffic({ port, name, isOver, mayLose }: TrafficOptions): Promise<Tally> {
  const tally: Tally = { acknowledged: new Map(), right: 0, errors: 0, longestGapMs: 0 };
  using connection = await RawConnection.open(port);
  let lastRightAt = performance.now();
  const check = async (what: string, right: readonly string[]) => {
    const reply = await connection.reply(60_000);
    if (failure.test(reply)) tally.errors++;
    else if (right.includes(reply)) {
      tally.right++;
      tally.longestGapMs = Math.max(tally.longestGapMs, performance.now() - lastRightAt);
      lastRightAt = performance.now();
      return true;
    } else throw new Error(`${what} got ${JSON.stringify(reply)}`);
    return false;
  };
  for (let round = 0; !isOver(); round++) {
    const marks = Array.from({ length: 1 + (round % 8) }, (_, index) => `${name}:${round}:${index}`);
    connection.send(Buffer.concat(marks.flatMap(requestsOf)));
    for (const mark of marks) {
      const isSet = await check(`SET ${mark}`, ['+OK\r\n']);
      if (isSet) tally.acknowledged.set(mark, valueFor(mark));
      await check(`GET ${mark}`, [bulk(valueFor(mark)), ...(mayLose || !isSet ? ['$-1\r\n'] : [])]);
      await check(`ECHO ${mark}`, [bulk(mark)]);
    }
    if (connection.frames.length > 0) throw new Error(`a reply without a request: ${connection.frames[0]}`);
  }
  return tally;
}

const valueFor = (mark: string) => `is:${mark}`;

function requestsOf(mark: string): Buffer[] {
  return [request('SET', mark, valueFor(mark)), request('GET', mark), request('ECHO', mark)];
}

/** The marks of those writes that the server lost or altered. */
export async function missingAt(port: number, acknowledged: ReadonlyMap<string, string>): Promise<string[]> {
  using connection = await RawConnection.open(port);
  const missing: string[] = [];
  const entries = [...acknowledged];
  for (let at = 0; at < entries.length; at += 100) {
    const some = entries.slice(at, at + 100);
    connection.send(Buffer.concat(some.map(([key]) => request('GET', key))));
    for (const [key, value] of some) if ((await connection.reply()) !== bulk(value)) missing.push(key);
  }
  return missing;
}
