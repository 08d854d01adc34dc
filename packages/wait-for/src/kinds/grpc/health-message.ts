/** `HealthCheckRequest` and `HealthCheckResponse` of grpc.health.v1, each in the frame of a gRPC message. */

/** A byte that says whether it is compressed, and four of length. */
const frameBytes = 5;
/** Field 1 as text. */
const serviceTag = 0x0a;
/** Field 1 as a number. */
const statusTag = 0x08;

/** Wire types round the fields of a group, as protobuf had them before messages. */
const groupStart = 3;
const groupEnd = 4;

const servingStatus = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const;

/** Status of a service, as its server reports it. */
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

/** The status, or undefined for another message. Skips fields of later versions. */
export function decodeHealthResponse(message: Buffer): ServingStatus | undefined {
  if (message.length < frameBytes || message[0] !== 0) return undefined;
  const end = frameBytes + message.readUInt32BE(1);
  if (message.length < end) return undefined;
  const fields = new Fields(message.subarray(frameBytes, end));
  let status = 0;
  let groups = 0;
  while (!fields.isAtEnd) {
    const tag = fields.varint();
    if (tag === undefined) return undefined;
    const wireType = tag & 7;
    if (wireType === groupStart) groups++;
    else if (wireType === groupEnd) groups--;
    else if (tag === statusTag && groups === 0) status = fields.varint() ?? Number.NaN;
    else if (!fields.skip(wireType)) return undefined;
    if (groups < 0) return undefined;
  }
  if (groups > 0) return undefined;
  // proto3: a number that is not known yet is no fault
  return Number.isNaN(status) ? undefined : (servingStatus[status] ?? 'UNKNOWN');
}

/** The fields of a message in the encoding of protobuf. */
class Fields {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** A number, or undefined where none is whole. */
  varint(): number | undefined {
    let value = 0;
    for (let index = 0; index < 10; index++) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) return undefined;
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) return value;
    }
    return undefined;
  }

  /** Skips a value of this wire type; false if it is incomplete. */
  skip(wireType: number): boolean {
    if (wireType === 0) return this.varint() !== undefined;
    const length = wireType === 1 ? 8 : wireType === 5 ? 4 : wireType === 2 ? this.varint() : undefined;
    if (length === undefined || this.#at + length > this.#bytes.length) return false;
    this.#at += length;
    return true;
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.of(...bytes, rest);
    bytes.push((rest & 0x7f) | 0x80);
  }
}
