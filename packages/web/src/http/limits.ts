import express from 'express';
import type { Handler, HttpRequest } from './exchange.ts';
import { HttpProblem } from './problem.ts';

/** How long the target of a request may be; RFC 9110 asks for at least 8,000. */
export const maxTargetLength = 8000;

/** @throws HttpProblem 414 */
export function refuseLongTarget({ url }: HttpRequest): void {
  if (url.length > maxTargetLength) {
    throw new HttpProblem(414, `the address is longer than ${maxTargetLength} characters`);
  }
}

/** What a body may hold, 64 KiB. */
export const maxBodyBytes = 64 * 1024;

/** Any body as a Buffer in `req.body`; compressed ones are refused with 415. */
export const anyBody: Handler = express.raw({ type: () => true, limit: maxBodyBytes, inflate: false });

const json: Handler = express.json({ limit: maxBodyBytes, inflate: false });

/** A body is not needed, but where there is one it has to be JSON: 415 and 400 otherwise. */
export const optionalJson: Handler = (req, res, next) => {
  const { 'transfer-encoding': encoding, 'content-length': length = '0' } = req.headers;
  if (encoding === undefined && length === '0') return next();
  if (!req.is('json')) throw new HttpProblem(415, 'a body has to be application/json here');
  return json(req, res, (error?: unknown) => {
    const isSyntax = error instanceof SyntaxError;
    next(isSyntax ? new HttpProblem(400, 'the body is not JSON', { cause: error }) : error);
  });
};
