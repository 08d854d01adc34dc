/** `HealthCheckRequest` and `HealthCheckResponse` of grpc.health.v1, each in the frame of a gRPC message. */

/** A byte that says whether it is compressed, and four of length. */
const frameBytes = 5;
/** Field 1 as text. */
const serviceTag = 0x0a;
/** Field 1 as a number. */
const statusTag = 0x08;

const servingStatus = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const;

/** What a server says of one of its services. */
export type ServingStatus = (typeof servingStatus)[number];

/** Asks for one service; the empty name is the server as a whole. */
export function encodeHealthRequest(service: string): Buffer {
  const name = Buffer.from(service);
  // a default value is not sent
  const body = name.length === 0 ? name : Buffer.concat([Buffer.of(serviceTag), varint(name.length), name]);
  const frame = Buffer.alloc(frameBytes);
  frame.writeUInt32BE(body.length, 1);
  return Buffer.concat([frame, body]);
}

/** The status, or undefined for what is not such a response. Fields of later versions are not expected. */
export function decodeHealthResponse(message: Buffer): ServingStatus | undefined {
  if (message.length < frameBytes || message[0] !== 0) return undefined;
  const body = message.subarray(frameBytes, frameBytes + message.readUInt32BE(1));
  if (body.length === 0) return 'UNKNOWN';
  return body.length === 2 && body[0] === statusTag ? servingStatus[body[1] ?? 0] : undefined;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.of(...bytes, rest);
    bytes.push((rest & 0x7f) | 0x80);
  }
}
