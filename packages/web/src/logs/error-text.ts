import { maskText } from '@pod-patterns/kit';

/**
 * An error as many lines of plain text: the first begins with the time, all others are indented, so that a
 * log agent can tell where a record ends.
 */
export function errorText(error: unknown, requestId: string, now: Date): string {
  const lines = maskText([...describe(error)].join('\n')).split(/\r?\n/);
  const [first = '', ...rest] = lines;
  return [`${now.toISOString()} ERROR [${requestId}] ${first}`, ...rest.map(indented)].join('\n');
}

/** Formats the stacks of an error and its causes; a repeated cause ends the chain. */
function* describe(error: unknown): Generator<string> {
  yield stackOf(error);
  const seen = new Set([error]);
  for (let at = causeOf(error); at !== undefined && !seen.has(at); at = causeOf(at)) {
    seen.add(at);
    yield `  Caused by: ${stackOf(at)}`;
  }
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}

function causeOf(thrown: unknown): unknown {
  return thrown instanceof Error ? thrown.cause : undefined;
}

function indented(line: string): string {
  return /^\s/.test(line) ? line : `    ${line}`;
}
