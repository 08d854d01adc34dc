import { randomUUID } from 'node:crypto';
import { type RequestListener, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { systemCode } from '@pod-patterns/kit';
import { maxTargetLength } from './limits.ts';
import { HttpProblem, problemDetails, problemType } from './problem.ts';

/** Answers bytes that never became a request; Node gives only the bytes and a code. */
export function answerClientError(error: Error & { readonly rawPacket?: Buffer }, socket: Duplex): void {
  if (!socket.writable || systemCode(error) === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  sendRawProblem(socket, clientProblem(systemCode(error), error.rawPacket));
}

/** Refuses a tunnel, for which Node has a socket and no response. */
export function refuseTunnel(_request: unknown, socket: Duplex): void {
  sendRawProblem(socket, new HttpProblem(501, 'this server is not a proxy'));
}

/** Refuses a request beyond the limit, before any work is done for it. */
export const refuseOverload: RequestListener = (_request, response) => {
  const requestId = randomUUID();
  const problem = { status: 503, message: 'too many concurrent requests', code: 'overload' };
  const body = JSON.stringify(problemDetails(problem, { instance: '*', requestId }));
  const headers = { 'content-type': problemType, 'retry-after': '1', 'x-request-id': requestId };
  response.writeHead(503, { ...headers, connection: 'close' }).end(body);
};

/** Time for a refused client to read the answer and leave; it is cut off after that. */
const lingerMs = 1000;

function sendRawProblem(socket: Duplex, { status, message }: HttpProblem): void {
  const requestId = randomUUID();
  const body = JSON.stringify(
    problemDetails({ status, message, code: undefined }, { instance: '*', requestId }),
  );
  const destroy = () => socket.destroy();
  // read and discard further bytes: unread ones would turn the answer into a reset, and hide that the client left
  socket
    .removeAllListeners('data')
    .on('error', destroy)

    .on('data', () => {})
    .resume();
  setTimeout(destroy, lingerMs).unref();
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: ${problemType}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
      `x-request-id: ${requestId}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** The answer to a client whose bytes failed with this code of Node's parser, in this packet. */
export function clientProblem(code: string | undefined, packet: Buffer | undefined): HttpProblem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return isRequestLine(packet)
        ? new HttpProblem(414, 'the URL is too long')
        : new HttpProblem(431, 'the headers are too large');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new HttpProblem(408, 'the request did not arrive in time');
    default:
      return new HttpProblem(400, 'not a valid HTTP/1.1 request');
  }
}

/** Whether the first line of the packet, all that there is of it, is a long request line and no header. */
function isRequestLine(packet: Buffer = Buffer.alloc(0)): boolean {
  const end = packet.indexOf('\n');
  const line = packet.toString('latin1', 0, end < 0 ? packet.length : end);
  return line.length > maxTargetLength && (/^[A-Z]+ \S*/.test(line) || / HTTP\/1\.\d\r?$/.test(line));
}
