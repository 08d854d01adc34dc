import type { ErrorRequestHandler } from 'express';
import type { LogFiles } from '../logs/log-files.ts';
import type { Handler, Locals } from './exchange.ts';
import { waitsToSend } from './limits.ts';
import { HttpProblem, problemDetails, problemType, toProblem } from './problem.ts';

/** Answers requests without a route. */
export const notFound: Handler = (req) => {
  throw new HttpProblem(404, `nothing is served at ${req.path}`);
};

type ErrorHandler = ErrorRequestHandler<Record<string, string>, unknown, unknown, unknown, Locals>;

/** Answers every error with problem details; an unexpected one goes to `error.log` with its stack. */
export function answerErrors(logs: Pick<LogFiles, 'error'>): ErrorHandler {
  // Express knows an error handler by its four parameters
  return (error: unknown, req, res, _next) => {
    const problem = toProblem(error);
    const { id } = res.locals.exchange;
    if (problem.status === 500) logs.error(error, id);
    // half an answer is worse than a broken connection, which the client can see
    if (res.headersSent) return res.destroy();
    if (waitsToSend(req)) res.setHeader('connection', 'close');
    const body = JSON.stringify(problemDetails(problem, { instance: req.path, requestId: id }));
    res.status(problem.status).set(problem.headers).set('cache-control', 'no-store');
    return res.set('content-type', problemType).end(body);
  };
}
