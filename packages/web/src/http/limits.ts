import { requestFault } from '@pod-patterns/kit';
import express from 'express';
import type { Handler, HttpRequest } from './exchange.ts';
import { HttpProblem } from './problem.ts';

/** Maximum length of a request target; RFC 9110 asks for at least 8,000. */
export const maxTargetLength = 8000;

/** Checks the demands of HTTP/1.1 and RFC 9110 on a request. @throws HttpProblem 400 for its host, 414, 417, 505 */
export function refuseOddRequest(req: HttpRequest): void {
  const { url, headers } = req;
  const fault = requestFault(req);
  if (fault !== undefined) {
    throw new HttpProblem(fault.status, fault.detail, { headers: { connection: 'close' } });
  }
  if (url.length > maxTargetLength) {
    throw new HttpProblem(414, `the URL is longer than ${maxTargetLength} characters`);
  }
  if (waitsToSend(req) && headers.expect?.toLowerCase() !== '100-continue') {
    throw new HttpProblem(417, 'Expect supports only 100-continue');
  }
}

/** Largest body, 64 KiB. */
export const maxBodyBytes = 64 * 1024;

const readBody: Handler = express.raw({ type: () => true, limit: maxBodyBytes, inflate: false });

/** Any body as a Buffer in `req.body`; compressed ones are refused with 415. A client that waits for `100 Continue` gets it. */
export const anyBody: Handler = (req, res, next) => {
  if (waitsToSend(req)) {
    if (Number(req.headers['content-length']) > maxBodyBytes)
      throw new HttpProblem(413, 'the body is too large');
    res.writeContinue();
    delete req.headers.expect;
  }
  return readBody(req, res, next);
};

/** Whether the body has not been asked for yet: the connection is of no use any more after an answer without it. */
export function waitsToSend({
  headers,
  httpVersionMinor,
}: Pick<HttpRequest, 'headers' | 'httpVersionMinor'>): boolean {
  return headers.expect !== undefined && httpVersionMinor > 0;
}

/** A body is optional, but must be JSON in UTF-8: 415 and 400 otherwise. */
export const optionalJson: Handler = (req, res, next) => {
  const { 'transfer-encoding': encoding, 'content-length': length = '0' } = req.headers;
  if (encoding === undefined && length === '0') return next();
  return anyBody(req, res, (error?: unknown) => next(error ?? faultOfJson(req)));
};

function faultOfJson(req: HttpRequest): HttpProblem | undefined {
  // Express leaves an empty body undefined
  if (!Buffer.isBuffer(req.body) || req.body.length === 0) return undefined;
  const [, charset = 'utf-8'] = /; *charset="?([^"; ]+)/i.exec(req.headers['content-type'] ?? '') ?? [];
  if (!req.is('json') || !/^utf-?8$/i.test(charset)) {
    return new HttpProblem(415, 'the body must be application/json in UTF-8');
  }
  try {
    JSON.parse(req.body.toString());
    return undefined;
  } catch (cause) {
    return new HttpProblem(400, 'the body is not JSON', { cause });
  }
}
