import type { Attempt } from '../../probe/attempt.ts';
import { connectTo } from '../../probe/net/connect.ts';
import { Line, type Taken } from '../../probe/net/line.ts';
import { secure } from '../../probe/net/secure.ts';
import { failure, type Outcome } from '../../probe/outcome.ts';
import type { Server } from '../server-url.ts';

/** A broker of AMQP 0-9-1. */
interface AmqpSpec extends Server {
  readonly isTls: boolean;
  readonly ca: string | undefined;
}

/** Protocol header of AMQP 0-9-1 (its specification, 4.2.2). */
const protocolHeader = Buffer.from('AMQP\0\0\x09\x01', 'latin1');
const headBytes = 7;
const methodFrame = 1;
const frameEnd = 0xce;
/** Class and method of Connection.Start. */
const connectionStart = 10 * 65_536 + 10;

/** Ready when the broker begins the conversation with Connection.Start. */
export async function probeAmqp(spec: AmqpSpec, attempt: Attempt): Promise<Outcome> {
  const connected = await connectTo(spec, attempt);
  if (!connected.ok) return connected;
  const secured = spec.isTls ? await secure(connected, spec, attempt) : connected;
  if (!secured.ok) return secured;
  using line = new Line(secured, attempt);
  line.send(protocolHeader);
  const said = await line.next('Connection.Start', takeMethod);
  if (!said.ok) return said;
  if (said.value === connectionStart) return { ok: true, detail: `${line.address} sends Connection.Start` };
  return failure('mismatch', `${line.address}: sent a method other than Connection.Start`);
}

/** One method frame: its class and method as one number. */
function takeMethod(received: Buffer): Taken<number> {
  // a broker of another version answers with the header of its own
  if (received.toString('latin1', 0, 4) === 'AMQP') return 'not an AMQP 0-9-1 broker';
  if (received[0] !== methodFrame) return 'not an AMQP broker';
  if (received.length < headBytes) return undefined;
  const bodyBytes = received.readUInt32BE(3);
  const length = headBytes + bodyBytes + 1;
  if (bodyBytes < 4 || length > 32_768) return 'not an AMQP broker';
  if (received.length < length) return undefined;
  if (received[length - 1] !== frameEnd) return 'not an AMQP broker';
  return { value: received.readUInt32BE(headBytes), length };
}
