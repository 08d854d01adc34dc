import { readNumber } from './answers/words.ts';
import type { Request } from './request.ts';

/** Where a blocking command says how long it may block, and in which unit; a negative index counts from the end. */
const timeouts: Readonly<Record<string, { readonly at: number; readonly unitMs: number }>> = {
  blmove: { at: -1, unitMs: 1000 },
  blmpop: { at: 1, unitMs: 1000 },
  blpop: { at: -1, unitMs: 1000 },
  brpop: { at: -1, unitMs: 1000 },
  brpoplpush: { at: -1, unitMs: 1000 },
  bzmpop: { at: 1, unitMs: 1000 },
  bzpopmax: { at: -1, unitMs: 1000 },
  bzpopmin: { at: -1, unitMs: 1000 },
  wait: { at: -1, unitMs: 1 },
  waitaof: { at: -1, unitMs: 1 },
};

/** How long a request may block, in milliseconds: 0 for not at all, Infinity for without end. */
export function blocksForMs(request: Request): number {
  const { words, command } = request;
  const place = timeouts[command.name];
  if (place !== undefined) {
    const given = Number(words.at(place.at)?.toString('latin1'));
    // Redis refuses what is not a number, at once
    return Number.isNaN(given) || given < 0 ? 0 : given * place.unitMs || Number.POSITIVE_INFINITY;
  }
  // XREAD and XREADGROUP block only if they say so, before the keys
  for (let at = 1; at + 1 < words.length; at++) {
    const option = request.keyword(at);
    if (option === 'streams') return 0;
    if (option !== 'block') continue;
    const givenMs = readNumber(request.text(at + 1));
    return Number.isNaN(givenMs) || givenMs < 0 ? 0 : givenMs || Number.POSITIVE_INFINITY;
  }
  return 0;
}
