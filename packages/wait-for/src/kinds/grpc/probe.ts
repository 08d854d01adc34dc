import type { Attempt } from '../../probe/attempt.ts';
import { connectTo } from '../../probe/net/connect.ts';
import { formatPlace, type Place } from '../../probe/net/place.ts';
import { secure } from '../../probe/net/secure.ts';
import { failure, type Outcome, type Reason } from '../../probe/outcome.ts';
import { checkHealth, type HealthAnswer } from './health-check.ts';
import { decodeHealthResponse } from './health-message.ts';

/** A server with the standard health service. */
interface GrpcSpec extends Place {
  readonly isTls: boolean;
  readonly ca: string | undefined;
  /** Empty asks for the server as a whole. */
  readonly service: string;
}

/** Ready when `grpc.health.v1.Health/Check` answers SERVING. */
export async function probeGrpc(spec: GrpcSpec, attempt: Attempt): Promise<Outcome> {
  const { host, port, service, ca, isTls } = spec;
  const connected = await connectTo(spec, attempt);
  if (!connected.ok) return connected;
  const opened = isTls ? await secure(connected, { host, ca, protocols: ['h2'] }, attempt) : connected;
  if (!opened.ok) return opened;
  // the zone of an address means something on this host only
  const [address = ''] = host.split('%', 1);
  const authority = formatPlace({ host: address, port });
  const answer = await checkHealth({ scheme: isTls ? 'https' : 'http', authority, service }, opened, attempt);
  return answer.ok ? judge(answer, service, opened.address) : answer;
}

/** gRPC statuses with their own reason; others are temporary. */
const reasonOfStatus: Readonly<Record<string, Reason>> = {
  '5': 'not-found',
  '7': 'denied',
  '12': 'mismatch',
  '16': 'auth',
};

function judge({ headers, trailers, message }: HealthAnswer, service: string, address: string): Outcome {
  const httpStatus = Number(headers[':status'] ?? 0);
  // a response without a message has its status in the only headers there are
  const status = trailers['grpc-status'] ?? headers['grpc-status'];
  const named = service === '' ? 'the server' : service;
  if (status === undefined) {
    if (httpStatus !== 0 && httpStatus !== 200)
      return { ...failure('http-status', `${address} answers ${httpStatus}`), httpStatus };
    if (/^application\/grpc\b/i.test(headers['content-type'] ?? ''))
      return failure('reset', `${address} ended its response before the gRPC status`);
    return failure('http-protocol', `${address}: not a gRPC server`);
  }
  if (status !== '0') {
    const words = trailers['grpc-message'] ?? headers['grpc-message'] ?? 'no message';
    const detail = `${address}: the health check of ${named} fails with status ${status} (${decode(String(words))})`;
    return failure(reasonOfStatus[String(status)] ?? 'not-ready', detail);
  }
  const serving = decodeHealthResponse(message);
  if (serving === 'SERVING') return { ok: true, detail: `${address}: ${named} is SERVING` };
  if (serving === undefined)
    return failure('mismatch', `${address}: the reply is not a health check response`);
  return failure('not-ready', `${address}: ${named} is ${serving}`);
}

/** `grpc-message` is percent-encoded. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
