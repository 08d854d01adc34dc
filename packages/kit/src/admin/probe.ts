import { type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { describeError, systemCode } from '../errors.ts';
import type { HostPort } from '../options/readers.ts';

/**
 * Asks a running program's admin port, for `--probe`: the health check of an image without a shell.
 * Resolves to undefined when it answers 200, else to one line with its answer.
 */
export async function probe(
  { host, port }: HostPort,
  path: '/livez' | '/readyz',
  timeoutMs = 1000,
): Promise<string | undefined> {
  const options = { host: reachable(host), port, path, agent: false, timeout: timeoutMs };
  try {
    return await ask(request, options);
  } catch (error) {
    // a port that speaks TLS hangs up
    if (systemCode(error) !== 'ECONNRESET') return describeError(error);
    const { request: secureRequest } = await import('node:https');
    // on the pod's own loopback, where the certificate's name does not lead
    const secure = { ...options, rejectUnauthorized: false };
    return ask(secureRequest, secure).catch(() => describeError(error));
  }
}

type Send = (options: RequestOptions, onAnswer: (response: IncomingMessage) => void) => ClientRequest;

function ask(send: Send, options: RequestOptions): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const asked = send(options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body = (body + chunk).slice(0, 1000);
      });
      response.on('end', () =>
        resolve(response.statusCode === 200 ? undefined : `${response.statusCode} ${body.trim()}`),
      );
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${options.timeout} ms`)));
    asked.on('error', reject);
    asked.end();
  });
}

/** Where a listener on all addresses can be reached from inside. */
function reachable(host: string | undefined): string {
  if (host === undefined || host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}
