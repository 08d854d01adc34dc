import { hidden, maskText } from '@pod-patterns/kit';
import type { Progress } from '../schedule/progress.ts';

/** Shorter ones would garble words and addresses, and no server echoes what it cannot tell from them. */
const minSecretLength = 6;

/**
 * The progress with the target's own secrets taken out of all that is said: a server may repeat in an error
 * what it was sent, as Redis does with a command it does not know.
 */
export function conceal(progress: Progress, secrets: readonly string[]): Progress {
  // longest first, as one may be part of another
  const known = secrets.filter(({ length }) => length >= minSecretLength).sort((a, b) => b.length - a.length);
  const clean = (text: string) =>
    maskText(known.reduce((rest, secret) => rest.replaceAll(secret, hidden), text));
  const { failure, success } = progress;
  return {
    ...progress,
    ...(failure === undefined ? {} : { failure: { ...failure, detail: clean(failure.detail) } }),
    ...(success === undefined ? {} : { success: { ...success, detail: clean(success.detail) } }),
  };
}
