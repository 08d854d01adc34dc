import { type Answer, ask } from '../ask/ask.ts';
import { at, isJsonObject, parseJson } from '../ask/json.ts';
import type { Container, Figures, Target } from './container.ts';
import { roleOf } from './house.ts';
import { type Reading, read } from './read.ts';

/** Result of one look. It has no rates. */
export interface Look extends Pick<Container, 'name' | 'role' | 'state' | 'summary'> {
  readonly reading: Reading;
  /** Whether it is one of the house's programs. */
  readonly isOurs: boolean;
}

/**
 * Looks at a container. On an admin port it reads `/readyz`, then the figures; a URL with a path is requested alone, and
 * read if it is `/metrics`.
 * @throws Error with the reason if no answer comes in time
 */
export async function lookAt(target: Target, signal: AbortSignal): Promise<Look> {
  const { url, isNamed } = target;
  const hasPath = new URL(url).pathname !== '/';
  const first = await ask(hasPath ? url : `${url}/readyz`, { signal });
  const ready = parseJson(first.body);
  const isOurs = !hasPath && typeof at(ready, 'ready') === 'boolean';
  const program = isOurs ? first.server?.split('/', 1)[0] : undefined;
  const role = roleOf(target, program);
  const who = { name: isNamed ? target.name : (program ?? target.name), role, isOurs };
  // a program without /readyz is up too
  const isWell = first.status < (hasPath ? 400 : 500);
  if (!isOurs) {
    const reading = isWell && url.endsWith('/metrics') ? read('application', first.body) : nothing;
    return { ...who, state: isWell ? 'up' : 'degraded', summary: `answers ${first.status}`, reading };
  }
  const told = await ask(`${url}/${role === 'application' ? 'metrics' : 'status'}`, { signal });
  const reading = told.status === 200 ? read(role, told.body) : nothing;
  const fault = first.status === 200 ? reading.trouble : reasonOf(first, at(ready, 'reasons'));
  const state = fault === undefined ? 'up' : 'degraded';
  return { ...who, state, summary: fault ?? reading.summary, reading };
}

const nothing: Reading = { counters: {}, figures: {}, summary: 'answers' };

/** The reasons of `/readyz` as one sentence. */
function reasonOf({ status }: Answer, reasons: unknown): string {
  const texts = isJsonObject(reasons) ? Object.values(reasons) : [];
  return texts.join('; ').slice(0, 200) || `not ready (${status})`;
}

/** Removes unknown values. */
export function knownOf(figures: Reading['figures']): Figures {
  const known = Object.entries(figures).flatMap(
    ([name, value]): Array<[string, number | string]> => (value === undefined ? [] : [[name, value]]),
  );
  return Object.fromEntries(known);
}
