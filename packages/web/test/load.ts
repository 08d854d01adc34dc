import { Agent, request } from 'node:http';

export interface LoadResult {
  answered: number;
  /** Connections refused before a request was sent: the server no longer listens. */
  refused: number;
  /** Requests that were sent or received and got no complete response. */
  readonly failures: string[];
  readonly statuses: Set<number>;
  /** Responses with `Connection: close`. */
  closing: number;
}

export interface LoadOptions {
  readonly url: string;
  readonly paths: readonly string[];
  readonly method?: string;
  readonly connections: number;
  /** Each request on a connection of its own. */
  readonly withoutKeepAlive?: boolean;
}

/** Sends requests on several connections, like a load balancer, until the server is gone. */
export async function loadUntilGone(options: LoadOptions): Promise<LoadResult> {
  const result: LoadResult = { answered: 0, refused: 0, failures: [], statuses: new Set(), closing: 0 };
  await Promise.all(
    Array.from({ length: options.connections }, (_, index) => client(options, result, index)),
  );
  return result;
}

async function client(options: LoadOptions, result: LoadResult, index: number): Promise<void> {
  const agent = new Agent({ keepAlive: options.withoutKeepAlive !== true, maxSockets: 1 });
  for (let turn = index; ; turn++) {
    const path = options.paths[turn % options.paths.length] ?? '/';
    const outcome = await ask({ ...options, path, agent }, result);
    if (outcome === 'refused') break;
  }
  agent.destroy();
}

function ask(
  { url, path, method = 'GET', agent }: LoadOptions & { path: string; agent: Agent },
  result: LoadResult,
): Promise<'answered' | 'refused' | 'failed'> {
  return new Promise((resolve) => {
    const asked = request(url + path, { method, agent }, (answer) => {
      if (answer.headers.connection === 'close') result.closing++;
      result.statuses.add(answer.statusCode ?? 0);
      answer.resume();
      answer.once('end', () => {
        result.answered++;
        resolve('answered');
      });
      answer.once('error', (error) => fail(error.message));
    });
    const fail = (message: string) => {
      result.failures.push(message);
      resolve('failed');
    };
    asked.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNREFUSED') return fail(`${path}: ${error.message}`);
      result.refused++;
      resolve('refused');
    });
    asked.end();
  });
}
