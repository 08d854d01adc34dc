import type { ReceivedRecord } from './receiver.ts';

/** A test line: its number in its file, and a text that shows any alteration. */
export function line(id: number): string {
  return JSON.stringify({ id, text: `line ${id} ä€😀 "quoted" \\ ${'x'.repeat(id % 50)}` });
}

export function lines(from: number, to: number): string {
  let text = '';
  for (let id = from; id < to; id++) text += `${line(id)}\n`;
  return text;
}

/** Result of shipping the lines that were written to one file name. */
export interface Account {
  /** Ranges of line numbers, for example `0-99,120`. */
  readonly lost: string;
  readonly twice: number;
  /** Records that arrived after one with a larger number; repeated ones do not count. */
  readonly outOfOrder: number;
  readonly altered: number;
}

/** Compares records with the lines from `from` up to, but not including, `to`. */
export function account(records: readonly ReceivedRecord[], from: number, to: number): Account {
  const seen = new Set<number>();
  let twice = 0;
  let outOfOrder = 0;
  let altered = 0;
  let highest = -1;
  for (const record of records) {
    const id = Number(record['id']);
    if (seen.has(id)) {
      twice++;
      continue;
    }
    seen.add(id);
    if (id < highest) outOfOrder++;
    highest = Math.max(highest, id);
    if (record['text'] !== JSON.parse(line(id)).text) altered++;
  }
  return { lost: gaps(seen, from, to), twice, outOfOrder, altered };
}

function gaps(seen: ReadonlySet<number>, from: number, to: number): string {
  const found: string[] = [];
  for (let id = from; id < to; id++) {
    if (seen.has(id)) continue;
    const first = id;
    while (id + 1 < to && !seen.has(id + 1)) id++;
    found.push(first === id ? String(id) : `${first}-${id}`);
  }
  return found.join();
}

export const perfect: Account = { lost: '', twice: 0, outOfOrder: 0, altered: 0 };
