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
  readonly body?: string;
}

/** More than any status needs; an exposition with a hundred thousand series is not for us. */
const maxBytes = 512 * 1024;

// not fetch, which takes 8 MiB; a connection stays for the next second
const agent = new Agent({ keepAlive: true, maxSockets: 8, maxFreeSockets: 1 });

/** Asks over HTTP. @throws Error in words for people when there is no answer, or too long a one */
export async function ask(url: string, { signal, method = 'GET', body }: Question): Promise<Answer> {
  try {
    const response = await send(url, { signal, method, ...(body !== undefined && { body }) });
    return {
      status: response.statusCode ?? 0,
      server: response.headers['server']?.toString(),
      body: (await read(response)).toString(),
    };
  } catch (error) {
    if (signal.aborted) throw new Error('no answer in time', { cause: error });
    throw new Error(describeError(error), { cause: error });
  }
}

function send(url: string, { signal, method, body }: Question): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = open(url, { agent, signal, method: method ?? 'GET' }, resolve);
    request.on('error', (error) => {
      // it was closed just when this was sent; whoever listens there now answers a new one
      if (request.reusedSocket && method === 'GET') resolve(send(url, { signal, method }));
      else reject(error);
    });
    request.end(body);
  });
}

async function read(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
