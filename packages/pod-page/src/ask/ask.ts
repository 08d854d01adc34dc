import { Agent, type IncomingMessage, request as open } from 'node:http';
import { describeError } from '@pod-patterns/kit';

export interface Answer {
  readonly status: number;
  /** The header `Server`: our programs say `name/version`. */
  readonly server: string | undefined;
  readonly body: string;
}

export interface Question {
  readonly signal: AbortSignal;
  readonly method?: string;
  readonly body?: string | undefined;
}

/** More than any status needs; an exposition with a hundred thousand series is not for us. */
const maxBytes = 512 * 1024;

// not fetch, which takes 8 MiB; a connection stays for the next second
const agent = new Agent({ keepAlive: true, maxSockets: 8, maxFreeSockets: 1 });

/** Asks over HTTP. @throws Error in words for people when there is no answer, or too long a one */
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
      // it was closed just when this was sent; whoever listens there now answers a new one
      if (request.reusedSocket && method === 'GET') resolve(send(url, question));
      else reject(error);
    });
    request.end(body);
  });
}
