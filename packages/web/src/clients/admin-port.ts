import { describeError } from '@pod-patterns/kit';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** More than any status needs; an exposition with a hundred thousand series is not for us. */
const maxBytes = 512 * 1024;

/** Asks an admin port. @throws Error in words for people when there is no answer, or too long a one */
export async function askAdminPort(
  url: string,
  { signal, headers = {} }: { readonly signal: AbortSignal; readonly headers?: Record<string, string> },
): Promise<Answer> {
  try {
    const response = await fetch(url, { signal, headers, redirect: 'error' });
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
    return { status: response.status, body: Buffer.concat(chunks).toString() };
  } catch (error) {
    if (signal.aborted) throw new Error('no answer in time', { cause: error });
    // fetch says "fetch failed", its cause says why
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new Error(describeError(cause), { cause });
  }
}
