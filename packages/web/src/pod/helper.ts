import { type Answer, askAdminPort } from '../clients/admin-port.ts';
import type { Container, Figures, Finding } from './container.ts';
import { at, parseJson } from './json.ts';
import { memoryFigures } from './memory.ts';
import { ratesOf, type Sample } from './rates.ts';

/** What a helper's `/status` says, as far as it is of use here. */
export interface Reading {
  /** Values that only grow; rates are made of them. */
  readonly counters: Sample['counters'];
  readonly figures: Readonly<Record<string, number | string | undefined>>;
  /** What keeps it from doing its work though it is ready to. */
  readonly trouble: string | undefined;
}

/** A helper of the pod: where to ask it, and how to understand it. */
export interface Helper extends Pick<Container, 'name' | 'role'> {
  /** Its admin port, without a slash at the end. */
  readonly url: string;
  /** Takes `/status` apart. It is another program's: any part of it may be missing. */
  readonly read: (status: unknown) => Reading;
  /** Says in a sentence what it is doing. */
  readonly summarize: (figures: Figures) => string;
}

export interface Look {
  readonly finding: Finding;
  readonly sample: Sample | undefined;
}

export interface LookOptions {
  readonly before: Sample | undefined;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** To be passed on, as `traceparent`. */
  readonly headers: Record<string, string>;
}

/** Asks a helper how it is. Never rejects: no answer is a finding too. */
export async function lookAt(helper: Helper, { before, now, signal, headers }: LookOptions): Promise<Look> {
  const ask = (path: string) => askAdminPort(`${helper.url}${path}`, { signal, headers });
  const [ready, status] = await Promise.allSettled([ask('/readyz'), ask('/status')]);
  if (ready.status === 'rejected') {
    const { message }: Error = ready.reason;
    return { finding: { state: 'down', summary: message, figures: {} }, sample: undefined };
  }
  const body = status.status === 'fulfilled' && status.value.status === 200 ? status.value.body : undefined;
  const said = parseJson(body);
  const { counters, figures, trouble } = helper.read(said);
  const sample = { at: now(), counters };
  const memory = memoryFigures(at(said, 'memory'));
  const known = knownOf({ ...counters, ...figures, ...memory, ...ratesOf(sample, before) });
  const fault = ready.value.status === 200 ? trouble : reasonOf(ready.value);
  const summary = fault ?? helper.summarize(known);
  return { finding: { state: fault === undefined ? 'up' : 'degraded', summary, figures: known }, sample };
}

/** The reasons of `/readyz` as one sentence. */
function reasonOf({ status, body }: Answer): string {
  const reasons = at(parseJson(body), 'reasons');
  const texts = typeof reasons === 'object' && reasons !== null ? Object.values(reasons).map(String) : [];
  return texts.length > 0 ? texts.join('; ').slice(0, 200) : `not ready (${status})`;
}

/** Without what is not known. */
export function knownOf(figures: Reading['figures']): Figures {
  const known = Object.entries(figures).flatMap(
    ([name, value]): Array<[string, number | string]> => (value === undefined ? [] : [[name, value]]),
  );
  return Object.fromEntries(known);
}
