import { hidden, maskText, visible } from '@pod-patterns/kit';
import type { Progress } from '../schedule/progress.ts';

/** Shorter secrets would garble words and addresses. */
const minSecretLength = 6;

/** More than any server says that means to be read. */
const mostLetters = 1000;

/**
 * The progress with the target's own secrets taken out of all that is said, as a server may repeat in an error what it
 * was sent; without what would steer a terminal, and without end.
 */
export function conceal(progress: Progress, secrets: readonly string[]): Progress {
  // longest first, as one may be part of another
  const known = secrets.filter(({ length }) => length >= minSecretLength).sort((a, b) => b.length - a.length);
  const clean = (text: string) =>
    shorten(visible(maskText(known.reduce((rest, secret) => rest.replaceAll(secret, hidden), text))));
  const { failure, success } = progress;
  return {
    ...progress,
    ...(failure === undefined ? {} : { failure: { ...failure, detail: clean(failure.detail) } }),
    ...(success === undefined ? {} : { success: { ...success, detail: clean(success.detail) } }),
  };
}

function shorten(text: string): string {
  return text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text;
}
