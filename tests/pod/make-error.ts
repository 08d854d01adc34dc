import { eventually } from '@pod-patterns/kit/testing/eventually';

/** The shipped records of an error in web. */
export interface ShippedError {
  /** Its plain-text records. */
  readonly traces: readonly string[];
  /** Number of access lines of its request. */
  readonly access: number;
  /** Trace lines shipped alone, or JSON lines joined with others, of any request. */
  readonly torn: number;
}

/** Makes web fail with a stack trace; resolves when the trace and its access line are shipped. */
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
