/**
 * Hides what may be secret in a text that was not understood, and so errs on the side of hiding: all that
 * stands between a scheme and the last `@`, and all behind a `?`. What was understood shows itself
 * (`Target.shown`) and needs no guessing.
 */
export function hideSecrets(text: string): string {
  return text
    .replace(
      /^([a-z][a-z0-9+.-]*:)?(\/\/)?[\s\S]*@/i,
      (_, scheme = '', slashes = '') => `${scheme}${slashes}***@`,
    )
    .replace(/\?[\s\S]*$/, '?***');
}
