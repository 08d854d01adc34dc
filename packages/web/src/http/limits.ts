import express from 'express';
import type { Handler } from './exchange.ts';
import { HttpProblem } from './problem.ts';

/** How long the target of a request may be; RFC 9110 asks for at least 8,000. */
export const maxTargetLength = 8000;

export const refuseLongTargets: Handler = (req, _res, next) => {
  if (req.url.length > maxTargetLength) {
    throw new HttpProblem(414, `the address is longer than ${maxTargetLength} characters`);
  }
  next();
};

/** What a body may hold, 64 KiB. */
export const maxBodyBytes = 64 * 1024;

/** Any body as a Buffer in `req.body`; compressed ones are refused with 415. */
export const anyBody: Handler = express.raw({ type: () => true, limit: maxBodyBytes, inflate: false });

const json: Handler = express.json({ limit: maxBodyBytes, inflate: false });

/** A body is not needed, but where there is one it has to be JSON: 415 and 400 otherwise. */
export const optionalJson: Handler = (req, res, next) => {
  const isThere =
    req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  if (isThere && !req.is('json')) {
    throw new HttpProblem(415, 'a body has to be application/json here');
  }
  json(req, res, (error?: unknown) => {
    const isSyntax = error instanceof SyntaxError;
    next(isSyntax ? new HttpProblem(400, 'the body is not JSON', { cause: error }) : error);
  });
};
