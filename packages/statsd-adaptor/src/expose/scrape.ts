import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { constants, createGzip } from 'node:zlib';

/** Slower scrapers have given up long before. */
const deadlineMs = 60_000;

export interface Answer {
  readonly contentType: string;
  /** An empty piece only lets other work run. */
  readonly pieces: Iterable<string | Uint8Array>;
}

/** Answers a scrape piece by piece, with a turn of the event loop after each to receive datagrams. */
export async function answerScrape(
  request: IncomingMessage,
  response: ServerResponse,
  { contentType, pieces }: Answer,
): Promise<void> {
  const isGzip = acceptsGzip(request.headers['accept-encoding']);
  response.writeHead(200, {
    'content-type': contentType,
    ...(isGzip ? { 'content-encoding': 'gzip', vary: 'Accept-Encoding' } : {}),
  });
  const signal = AbortSignal.any([AbortSignal.timeout(deadlineMs), closed(response)]);
  // compresses in the thread pool, not on the loop
  const gzip = isGzip ? createGzip({ level: constants.Z_BEST_SPEED }) : undefined;
  gzip?.pipe(response);
  try {
    await writeAll(gzip ?? response, pieces, signal);
  } catch (error) {
    gzip?.destroy();
    response.destroy();
    if (!signal.aborted) throw error;
  }
}

async function writeAll(target: Writable, pieces: Answer['pieces'], signal: AbortSignal): Promise<void> {
  for (const piece of pieces) {
    const isRoom = piece.length === 0 || target.write(piece);
    if (isRoom) await turn(undefined, { signal });
    else await once(target, 'drain', { signal });
  }
  target.end();
}

function closed(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => controller.abort());
  return controller.signal;
}

/** Whether an Accept-Encoding header allows gzip. */
export function acceptsGzip(header: string | string[] | undefined): boolean {
  return String(header ?? '')
    .split(',')
    .some((part) => /^\s*(?:x-)?gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/i.test(part));
}
