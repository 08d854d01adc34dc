/** Shares one result among all callers that ask while it is computed; later callers start a new one. */
export function shareWhileRunning<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<Result> | undefined;
  return () => {
    running ??= make().finally(() => {
      running = undefined;
    });
    return running;
  };
}
