import { hidden, maskText, visible } from '@pod-patterns/kit';
import type { Progress } from '../schedule/progress.ts';

/** Shorter secrets would garble words and addresses. */
const minSecretLength = 6;

/** Longer texts of servers are cut. */
const mostLetters = 1000;

/**
 * Removes the target's secrets from all texts of a progress, because a server may repeat them in an error. Also escapes
 * control characters and cuts long texts.
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
