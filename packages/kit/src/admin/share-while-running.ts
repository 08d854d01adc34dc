/** However many ask at once, it is made once for all of them; who asks later gets a new one. */
export function shareWhileRunning<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<Result> | undefined;
  return () => {
    running ??= make().finally(() => {
      running = undefined;
    });
    return running;
  };
}
