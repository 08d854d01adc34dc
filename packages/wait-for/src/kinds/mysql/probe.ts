import type { Attempt } from '../../probe/attempt.ts';
import { connectTo } from '../../probe/net/connect.ts';
import { Line, type Taken } from '../../probe/net/line.ts';
import type { Place } from '../../probe/net/place.ts';
import { failure, type Outcome } from '../../probe/outcome.ts';

const handshakeVersion = 10;
const errorPacket = 0xff;
/** Of a packet: three bytes of length, one of sequence. */
const headBytes = 4;

/** Refusals of this client, for example of its host. */
const refusals: ReadonlySet<number> = new Set([1130, 1227]);

/** Ready when MySQL or MariaDB sends its greeting; otherwise it sends an error. */
export async function probeMysql(spec: Place, attempt: Attempt): Promise<Outcome> {
  const connected = await connectTo(spec, attempt);
  if (!connected.ok) return connected;
  using line = new Line(connected, attempt);
  const said = await line.next('greeting', takePacket);
  return said.ok ? judge(said.value, line.address) : said;
}

function takePacket(received: Buffer): Taken<Buffer> {
  if (received.length < headBytes) return undefined;
  const length = headBytes + received.readUIntLE(0, 3);
  // the greeting is the first packet of its conversation, so its sequence is 0
  if (received[3] !== 0 || length > 8192) return 'not a MySQL server';
  return received.length < length ? undefined : { value: received.subarray(headBytes, length), length };
}

function judge(packet: Buffer, address: string): Outcome {
  if (packet[0] === handshakeVersion) {
    const version = packet.toString('latin1', 1, packet.indexOf(0, 1));
    return { ok: true, detail: `${address} greets as ${version}` };
  }
  if (packet[0] !== errorPacket || packet.length < 3) {
    return failure('mismatch', `${address}: not a MySQL server`);
  }
  const code = packet.readUInt16LE(1);
  const text = packet.toString('utf8', 3).replace(/^#.{5}/, '');
  return failure(refusals.has(code) ? 'denied' : 'not-ready', `${address}: ${text} (${code})`);
}
