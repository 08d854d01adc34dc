import { RawConnection, request } from './raw-connection.ts';

/** What an outage may make of a reply. */
const failure = /^-(?:LOADING|LOST|MASTERDOWN|CLUSTERDOWN|TRYAGAIN) /;

/** What a client has got. */
export interface Tally {
  /** Keys whose writes were acknowledged, by what they were set to. */
  readonly acknowledged: Map<string, string>;
  right: number;
  errors: number;
  /** The longest time between two right replies. */
  longestGapMs: number;
}

/** How marked requests are sent. */
export interface TrafficOptions {
  readonly port: number;
  /** Names the client in all its keys and values. */
  readonly name: string;
  readonly isOver: () => boolean;
}

/**
 * A client that writes values which name it and the request, in pipelines, and reads some of them back, until it is
 * told to stop. A reply that is neither the right one nor an error of an outage ends the test.
 */
export async function markedTraffic({ port, name, isOver }: TrafficOptions): Promise<Tally> {
  const tally: Tally = { acknowledged: new Map(), right: 0, errors: 0, longestGapMs: 0 };
  using connection = await RawConnection.open(port);
  let lastRightAt = performance.now();
  for (let round = 0; !isOver(); round++) {
    const marks = Array.from({ length: 1 + (round % 8) }, (_, index) => `${name}:${round}:${index}`);
    connection.send(
      Buffer.concat(
        marks.flatMap((mark) => [
          request('SET', mark, `is:${mark}`),
          request('GET', mark),
          request('ECHO', mark),
        ]),
      ),
    );
    for (const mark of marks) {
      const value = `is:${mark}`;
      const expected: ReadonlyArray<readonly [string, readonly string[]]> = [
        ['SET', ['+OK\r\n']],
        // a failover may lose what was acknowledged a moment before
        ['GET', [`$${value.length}\r\n${value}\r\n`, '$-1\r\n']],
        ['ECHO', [`$${mark.length}\r\n${mark}\r\n`]],
      ];
      for (const [what, right] of expected) {
        const reply = await connection.reply(60_000);
        if (right.includes(reply)) {
          tally.right++;
          const now = performance.now();
          tally.longestGapMs = Math.max(tally.longestGapMs, now - lastRightAt);
          lastRightAt = now;
          if (what === 'SET') tally.acknowledged.set(mark, value);
        } else if (failure.test(reply)) tally.errors++;
        else throw new Error(`${what} ${mark} got ${JSON.stringify(reply)}`);
      }
    }
    if (connection.frames.length > 0) throw new Error(`a reply to nothing: ${connection.frames[0]}`);
  }
  return tally;
}

/** The marks of these writes that the server does not have as they were written. */
export async function missingAt(port: number, acknowledged: ReadonlyMap<string, string>): Promise<string[]> {
  using connection = await RawConnection.open(port);
  const missing: string[] = [];
  for (const [key, value] of acknowledged) {
    if ((await connection.ask('GET', key)) !== `$${value.length}\r\n${value}\r\n`) missing.push(key);
  }
  return missing;
}
