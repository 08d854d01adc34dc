import type { Attempt } from '../../probe/attempt.ts';
import { connectTo } from '../../probe/net/connect.ts';
import { Line, type Taken } from '../../probe/net/line.ts';
import type { Place } from '../../probe/net/place.ts';
import { secure } from '../../probe/net/secure.ts';
import { failure, type Outcome } from '../../probe/outcome.ts';
import { type BsonValue, decodeBson, encodeBson } from './bson.ts';

const opMsg = 2013;
/** Length, request id, response to, operation. */
const headBytes = 16;
/** Of an OP_MSG: flags, and the kind of its only section. */
const bodyAt = headBytes + 5;

/** Answer of a server that is older than the command. */
const commandNotFound = 59;

/** How a member is connected to. */
export interface Security {
  readonly isTls: boolean;
  readonly ca: string | undefined;
}

/** Ready when `hello` says that the server can be read from: a primary, a secondary, a router, or one alone. */
export async function sayHello(place: Place, { isTls, ca }: Security, attempt: Attempt): Promise<Outcome> {
  const connected = await connectTo(place, attempt);
  if (!connected.ok) return connected;
  const opened = isTls ? await secure(connected, { host: place.host, ca }, attempt) : connected;
  if (!opened.ok) return opened;
  using line = new Line(opened, attempt);
  line.send(message(encodeBson({ hello: 1, $db: 'admin' })));
  const said = await line.next('answer to hello', takeMessage);
  return said.ok ? judge(said.value, line.address) : said;
}

function judge(answer: ReadonlyMap<string, BsonValue>, address: string): Outcome {
  if (answer.get('code') === commandNotFound) return { ok: true, detail: `${address} answers` };
  if (answer.get('ok') !== 1) {
    const why = String(answer.get('errmsg') ?? 'no reason given');
    return failure('not-ready', `${address}: hello fails: ${why}`);
  }
  const isStandby = answer.get('isWritablePrimary') === false && answer.get('secondary') !== true;
  if (!isStandby) return { ok: true, detail: `${address} answers hello` };
  const why = answer.get('info') ?? 'neither primary nor secondary yet';
  return failure('not-ready', `${address}: ${String(why)}`);
}

function message(body: Buffer): Buffer {
  const head = Buffer.alloc(bodyAt);
  head.writeInt32LE(bodyAt + body.length, 0);
  head.writeInt32LE(1, 4);
  head.writeInt32LE(opMsg, 12);
  return Buffer.concat([head, body]);
}

function takeMessage(received: Buffer): Taken<ReadonlyMap<string, BsonValue>> {
  if (received.length < headBytes) return undefined;
  const length = received.readInt32LE(0);
  if (length < bodyAt + 5 || length > 65_536 || received.readInt32LE(12) !== opMsg) {
    return 'not a MongoDB server';
  }
  if (received.length < length) return undefined;
  const value = decodeBson(received.subarray(bodyAt, length));
  return value === undefined ? 'not a MongoDB server' : { value, length };
}
