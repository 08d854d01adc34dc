import type { Request } from './request.ts';
import { readNumber } from './words.ts';

/** Returns how long a request may block, in milliseconds: 0 if it does not block, Infinity without a limit. */
export function blocksForMs(request: Request): number {
  const { blockingTime } = request.command;
  if (blockingTime === 'option') return readOption(request);
  const given = Number(request.words.at(blockingTime.at)?.toString('latin1'));
  // Redis refuses a non-number at once
  return Number.isNaN(given) || given < 0 ? 0 : given * blockingTime.unitMs || Number.POSITIVE_INFINITY;
}

/** XREAD and XREADGROUP block only with an option for it before the keys. */
function readOption(request: Request): number {
  for (let at = 1; at + 1 < request.words.length; at++) {
    const option = request.keyword(at);
    if (option === 'streams') return 0;
    if (option !== 'block') continue;
    const givenMs = readNumber(request.text(at + 1));
    return Number.isNaN(givenMs) || givenMs < 0 ? 0 : givenMs || Number.POSITIVE_INFINITY;
  }
  return 0;
}
