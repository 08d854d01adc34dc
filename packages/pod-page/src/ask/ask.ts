import { Agent, type IncomingMessage, request as open } from 'node:http';
import { describeError } from '@pod-patterns/kit';

export interface Answer {
  readonly status: number;
  /** The header `Server`; programs of this repository send `name/version`. */
  readonly server: string | undefined;
  readonly body: string;
}

export interface Question {
  readonly signal: AbortSignal;
  readonly method?: string;
  readonly body?: string | undefined;
}

/** More than any status needs; larger expositions are refused. */
const maxBytes = 512 * 1024;

// not fetch, which needs 8 MiB of memory; connections are kept for the next look
const agent = new Agent({ keepAlive: true, maxSockets: 8, maxFreeSockets: 1 });

/** Sends an HTTP request. @throws Error with a readable reason without an answer, or if it is too large */
export async function ask(url: string, question: Question): Promise<Answer> {
  try {
    const response = await send(url, question);
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new Error(`the answer is larger than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
    const { statusCode: status = 0, headers } = response;
    return { status, server: headers['server']?.toString(), body: Buffer.concat(chunks).toString() };
  } catch (error) {
    const reason = question.signal.aborted ? 'no answer in time' : describeError(error);
    throw new Error(reason, { cause: error });
  }
}

function send(url: string, question: Question): Promise<IncomingMessage> {
  const { signal, method = 'GET', body } = question;
  return new Promise((resolve, reject) => {
    const request = open(url, { agent, signal, method }, resolve);
    request.on('error', (error) => {
      // the kept connection was closed in the same moment: retry on a new one
      if (request.reusedSocket && method === 'GET') resolve(send(url, question));
      else reject(error);
    });
    request.end(body);
  });
}
