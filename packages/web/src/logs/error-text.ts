/**
 * An error as many lines of plain text: the first begins with the time, all others are indented, so that a
 * log shipper can tell where a record ends.
 */
export function errorText(error: unknown, requestId: string, now: Date): string {
  const lines = [...describe(error)].join('\n').split(/\r?\n/);
  const [first = '', ...rest] = lines;
  return [`${now.toISOString()} ERROR [${requestId}] ${first}`, ...rest.map(indented)].join('\n');
}

/** The stack of the error and of what caused it; a cause that comes round again ends the chain. */
function* describe(error: unknown): Generator<string> {
  const seen = new Set<unknown>();
  for (let at = error, lead = ''; at !== undefined && !seen.has(at); lead = '  Caused by: ') {
    seen.add(at);
    if (!(at instanceof Error)) return yield `${lead}${String(at)}`;
    yield `${lead}${at.stack ?? at.message}`;
    at = at.cause;
  }
}

function indented(line: string): string {
  return /^\s/.test(line) ? line : `    ${line}`;
}
