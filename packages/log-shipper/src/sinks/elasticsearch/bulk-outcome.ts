import { describeAnswer, type HttpAnswer, httpOutcome } from '../over-http/http-outcome.ts';
import type { Outcome, Records } from '../sink.ts';

/** Outcome of one record in `_bulk`. */
interface Item {
  readonly status: number;
  readonly type: string;
  readonly why: string;
}

/** Statuses that, if all items have them, are about the login or the index and not about records. */
const setUp: ReadonlySet<number> = new Set([401, 403, 404]);
/** A record with this id exists, from an earlier attempt without an answer. */
const conflict = 409;

/**
 * Interprets an answer to `_bulk`. A success has a status for each record: 429 and 5xx are sent again, alone; other 4xx
 * never pass. If the answer is incomplete, all records are sent again with the same ids.
 */
export function bulkOutcome(answer: HttpAnswer, { count }: Records, nowMs: number): Outcome {
  const whole = httpOutcome(answer, nowMs);
  if (whole.kind !== 'accepted') return whole;
  const items = readItems(answer.body);
  if (items === 'fine') return { kind: 'accepted' };
  if (items === undefined || items.length !== count) {
    const detail = `the answer does not list every record: ${describeAnswer(answer)}`;
    return { kind: 'retry', reason: 'answer', detail, mayHaveArrived: true };
  }
  const failed = items.map((item, place) => ({ ...item, place })).filter(({ status }) => !isThere(status));
  const [first] = failed;
  if (first === undefined) return { kind: 'accepted' };
  if (failed.length === count && failed.every(({ status }) => setUp.has(status))) {
    return { kind: 'retry', reason: String(first.status), detail: detailOf(first) };
  }
  return partly(failed);
}

function partly(failed: ReadonlyArray<Item & { readonly place: number }>): Outcome {
  const waiting = failed.filter(({ status }) => status === 429 || status >= 500);
  const refused = failed.filter((item) => !waiting.includes(item));
  const [named] = refused;
  const [busy] = waiting;
  return {
    kind: 'partly-refused',
    refused: new Map(refused.map(({ place, type }) => [place, type])),
    areOthersAccepted: true,
    detail: named === undefined ? '' : detailOf(named),
    ...(busy === undefined
      ? {}
      : {
          again: {
            places: new Set(waiting.map(({ place }) => place)),
            reason: String(busy.status),
            detail: detailOf(busy),
          },
        }),
  };
}

function isThere(status: number): boolean {
  return (status >= 200 && status < 300) || status === conflict;
}

function detailOf({ status, type, why }: Item): string {
  return describeAnswer({ status, text: `${type} ${why}`.trim() });
}

/** Outcome of each record; `fine` if all are accepted, undefined for another answer. */
function readItems(body: Buffer | undefined): readonly Item[] | 'fine' | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(body?.toString() ?? '');
  } catch {
    return undefined;
  }
  if (!isObject(answer)) return undefined;
  if (answer['errors'] === false) return 'fine';
  const items: unknown = answer['items'];
  return Array.isArray(items) ? items.map(readItem) : undefined;
}

function readItem(item: unknown): Item {
  const [said]: unknown[] = isObject(item) ? Object.values(item) : [];
  const { status, error } = isObject(said) ? said : {};
  const { type, reason } = isObject(error) ? error : {};
  // without a valid status, send the record again
  const code = typeof status === 'number' ? status : 500;
  // a label value: there must not be many
  const word = typeof type === 'string' && /^[a-z_]{1,64}$/.test(type) ? type : String(code);
  return { status: code, type: word, why: typeof reason === 'string' ? reason : '' };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
