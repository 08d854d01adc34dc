import { endOf, type Letters, lettersOf, startOf } from './letters.ts';
import type { Secret } from './secret.ts';

const local: Letters = lettersOf(/[\w.%+-]/);
const label: Letters = lettersOf(/[\w-]/);

/** Finds `name@host.example`. The host must have a dot. */
export function* emails(text: string): Generator<Secret> {
  let behind = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', Math.max(at + 1, behind))) {
    const start = startOf(local, text, at, behind);
    const end = endOfHost(text, at + 1);
    if (start === at || end === undefined) continue;
    yield { start, end };
    behind = end;
  }
}

function endOfHost(text: string, start: number): number | undefined {
  const first = endOf(label, text, start);
  if (first === start) return undefined;
  let end = first;
  while (text[end] === '.') {
    const next = endOf(label, text, end + 1);
    if (next === end + 1) break;
    end = next;
  }
  return end === first ? undefined : end;
}
