/** Exit codes that every container keeps to. `128 + n` stands for an end by signal n. */
export const exitCode = {
  ok: 0,
  internal: 1,
  usage: 2,
  /** A dependency has failed permanently. */
  permanent: 3,
  timedOut: 124,
} as const;

/**
 * An error that a person can act on: `code` is a stable word to match on, `exitCode` is what the program
 * ends with when nothing handles it, `cause` is kept. Its message is one line and holds no secret.
 */
export class CodedError extends Error {
  override readonly name = 'CodedError';
  readonly code: string;
  readonly exitCode: number;

  constructor(
    code: string,
    message: string,
    { exitCode: ends = exitCode.internal, cause }: { exitCode?: number; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.exitCode = ends;
  }
}

/** The system's word for a failure (`ECONNREFUSED`), or undefined: Node puts it into `code`. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Describes anything thrown in one line. */
export function describeError(error: unknown): string {
  if (error instanceof AggregateError && error.message === '')
    return error.errors.map(describeError).join('; ');
  return error instanceof Error ? error.message : String(error);
}
