/** Makes a text from a pattern's captures. */
export type Template<Captured> = (captured: Captured) => string;

/**
 * Compiles a template over the `*` of a glob: `$1`, `${1}`. A token without a capture becomes empty; as upstream's
 * tokens take all letters, digits, `_` and `$` that follow, that includes `$1_x` and `$0`.
 */
export function globTemplate(text: string, captureCount: number): Template<readonly string[]> {
  return pieces(text, /\$\{?([a-zA-Z0-9_$]+)\}?/g, ([, token = '']) => {
    const number = /^\d+$/.test(token) ? Number(token) : 0;
    return (captured) => (number >= 1 && number <= captureCount ? (captured[number - 1] ?? '') : '');
  });
}

/** A match of a regular expression. */
export interface Groups {
  byNumber(number: number): string;
  byName(name: string): string;
}

/**
 * Compiles a template over a regular expression's groups, as Go's `Regexp.Expand`: `$1`, `${1}`, `$name`, `$0` for the
 * whole match, `$$` for a dollar. A name is as long as possible, so `$1x` is the group called `1x`.
 */
export function regexTemplate(text: string): Template<Groups> {
  return pieces(text, /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu, ([token, braced, bare]) => {
    const name = braced ?? bare;
    if (name === undefined) return () => token?.slice(1) ?? '';
    const isNumber = /^(?:0|[1-9]\d{0,7})$/.test(name);
    return (groups) => (isNumber ? groups.byNumber(Number(name)) : groups.byName(name));
  });
}

type Tokens = readonly (string | undefined)[];

function pieces<Captured>(
  text: string,
  token: RegExp,
  read: (match: Tokens) => Template<Captured>,
): Template<Captured> {
  const parts: Array<string | Template<Captured>> = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    parts.push(text.slice(end, match.index), read(match));
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  if (parts.length === 1) return () => text;
  return (captured) => parts.map((part) => (typeof part === 'string' ? part : part(captured))).join('');
}
