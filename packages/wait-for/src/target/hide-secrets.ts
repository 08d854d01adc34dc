/**
 * Hides what may be secret in a text that was not understood, and so errs on the side of hiding: all that
 * stands between a scheme and the last `@`, and all behind a `?`. What was understood shows itself
 * (`Target.shown`) and needs no guessing.
 */
export function hideSecrets(text: string): string {
  const scheme = /^[a-z][a-z0-9+.-]*:(\/\/)?/i.exec(text)?.[0] ?? '';
  const [beforeQuery = '', ...query] = text.slice(scheme.length).split('?');
  // an @ in what looks like a query may end a password with a ? in it
  if (query.some((part) => part.includes('@'))) return `${scheme}***`;
  const place = beforeQuery.replace(/^[\s\S]*@/, '***@');
  return `${scheme}${place}${query.length > 0 ? '?***' : ''}`;
}
