import type { Row } from './check.ts';

/** A row of the table: check, result, duration, and reason of a failure. */
export interface Outcome {
  readonly title: string;
  readonly seen: string;
  readonly seconds: number;
  readonly failure: string | undefined;
}

export interface RunOptions {
  readonly tell: (outcome: Outcome) => void;
  readonly stopping: AbortSignal;
}

/** Runs one check after the other; a failure does not stop the others. */
export async function runRows<Subject>(
  rows: readonly Row<Subject>[],
  subject: Subject,
  { tell, stopping }: RunOptions,
): Promise<void> {
  for (const { title, see } of rows) {
    if (stopping.aborted) return;
    const since = performance.now();
    const seen = await see(subject).then(
      (figures) => ({ seen: figures, failure: undefined }),
      (error: unknown) => ({ seen: 'FAILED', failure: describe(error) }),
    );
    tell({ title, ...seen, seconds: (performance.now() - since) / 1000 });
  }
}

/** An error and its causes, one per line. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\n  ${describe(error.cause)}`;
}
