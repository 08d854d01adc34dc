import { request } from 'node:http';
import { describeError } from '../errors.ts';
import type { HostPort } from '../options/readers.ts';

/**
 * Asks a running program's admin port, for `--probe`: the health check of an image without a shell.
 * Resolves to undefined when it answers 200, else to one line with its answer.
 */
export function probe(
  { host, port }: HostPort,
  path: '/livez' | '/readyz',
  timeoutMs = 1000,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asked = request(
      { host: reachable(host), port, path, agent: false, timeout: timeoutMs },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          body = (body + chunk).slice(0, 1000);
        });
        response.on('end', () =>
          resolve(response.statusCode === 200 ? undefined : `${response.statusCode} ${body.trim()}`),
        );
      },
    );
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    asked.on('error', (error) => resolve(describeError(error)));
    asked.end();
  });
}

/** Where a listener on all addresses can be reached from inside. */
function reachable(host: string | undefined): string {
  if (host === undefined || host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}
