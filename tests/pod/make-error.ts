import { eventually } from '@pod-patterns/kit/testing/eventually';

/** What an error of web arrived as. */
export interface ShippedError {
  /** Its records of plain text. */
  readonly traces: readonly string[];
  /** How many access lines its request has. */
  readonly access: number;
  /** Lines of a trace that came alone, or lines of JSON that came with others, of any request. */
  readonly torn: number;
}

/** Makes web fail with a stack trace, and resolves when that and its access line are among what was shipped. */
export async function makeError(
  url: string,
  shipped: () => ReadonlyArray<Record<string, unknown>>,
): Promise<ShippedError> {
  const id = `stack-${process.pid}`;
  const answer = await fetch(`${url}/api/errors`, { method: 'POST', headers: { 'x-request-id': id } });
  if (answer.status !== 500) throw new Error(`an error made on purpose: ${answer.status}`);
  return eventually(() => {
    const found = recordsOf(shipped(), id);
    return found.traces.length > 0 && found.access > 0 ? found : undefined;
  });
}

function recordsOf(records: ReadonlyArray<Record<string, unknown>>, id: string): ShippedError {
  const messages = records.flatMap(({ message }) => (typeof message === 'string' ? [message] : []));
  return {
    // the request's id is in the trace
    traces: messages.filter((message) => message.includes(`[${id}]`)),
    access: records.filter((record) => record['id'] === id).length,
    torn: messages.filter((message) => /^\s|^\{/.test(message)).length,
  };
}
