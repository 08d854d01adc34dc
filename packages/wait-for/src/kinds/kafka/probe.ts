import type { Attempt } from '../../probe/attempt.ts';
import { connectTo } from '../../probe/net/connect.ts';
import { Line, type Taken } from '../../probe/net/line.ts';
import type { Place } from '../../probe/net/place.ts';
import { failure, type Outcome } from '../../probe/outcome.ts';

const apiVersions = 18;
const correlationId = 1;

/** Ready when the broker answers which versions of its API it has, which needs no login. */
export async function probeKafka(spec: Place, attempt: Attempt): Promise<Outcome> {
  const connected = await connectTo(spec, attempt);
  if (!connected.ok) return connected;
  using line = new Line(connected, attempt);
  line.send(apiVersionsRequest('wait-for'));
  const said = await line.next('answer to ApiVersions', takeResponse);
  if (!said.ok) return said;
  if (said.value === 0) return { ok: true, detail: `${line.address} answers ApiVersions` };
  return failure('not-ready', `${line.address}: ApiVersions fails with error ${said.value}`);
}

/** ApiVersions version 0: size, key, version, correlation id, client id. */
function apiVersionsRequest(client: string): Buffer {
  const request = Buffer.alloc(14 + Buffer.byteLength(client));
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(apiVersions, 4);
  request.writeInt16BE(0, 6);
  request.writeInt32BE(correlationId, 8);
  request.writeInt16BE(Buffer.byteLength(client), 12);
  request.write(client, 14);
  return request;
}

/** The error code, which comes first behind the correlation id. */
function takeResponse(received: Buffer): Taken<number> {
  if (received.length < 4) return undefined;
  const size = received.readInt32BE(0);
  if (size < 6 || size > 32_768) return 'not a Kafka broker';
  if (received.length < 4 + size) return undefined;
  if (received.readInt32BE(4) !== correlationId) return 'not a Kafka broker';
  return { value: received.readInt16BE(8), length: 4 + size };
}
