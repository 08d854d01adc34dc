import { STATUS_CODES } from 'node:http';
import { type RedisFailure, RedisUnavailable } from '../clients/redis.ts';

/** Problem details of RFC 9457. `type` is `about:blank`: the status says it all, `code` is a stable word beside it. */
export interface ProblemDetails {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The path that was asked for. */
  readonly instance: string;
  readonly requestId: string;
  readonly code?: string;
}

/** A failure with a message for the caller. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly code: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    detail: string,
    { code, headers = {}, cause }: { code?: string; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(detail, cause === undefined ? undefined : { cause });
    this.status = status;
    this.code = code;
    // a missing resource may exist in a moment
    this.headers = status === 503 ? { 'retry-after': '1', ...headers } : headers;
  }
}

export const problemType = 'application/problem+json';

export function problemDetails(
  { status, message, code }: Pick<HttpProblem, 'status' | 'message' | 'code'>,
  { instance, requestId }: { readonly instance: string; readonly requestId: string },
): ProblemDetails {
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    instance: instance.slice(0, 1000),
    requestId,
    ...(code === undefined ? {} : { code }),
  };
}

/** Errors of Express' libraries carry a status below 500 for faults of the caller. */
const libraryDetails: Readonly<Record<number, string>> = {
  400: 'the request could not be understood',
  413: 'the body is too large',
  415: 'the media type or encoding of the body is not supported',
};

const redisDetails: Readonly<Record<RedisFailure, string>> = {
  away: 'Redis cannot be reached',
  timeout: 'Redis did not answer in time',
  refused: 'Redis answered with an error',
};

/** Turns anything thrown into a problem; internal faults reveal nothing. */
export function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof RedisUnavailable) {
    const code = `redis-${error.reason}`;
    return new HttpProblem(503, redisDetails[error.reason], { code, cause: error });
  }
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  if (!(status >= 400 && status < 500))
    return new HttpProblem(500, 'unexpected error; find it in the log by the request id', { cause: error });
  return new HttpProblem(status, libraryDetails[status] ?? 'the request was refused', { cause: error });
}
