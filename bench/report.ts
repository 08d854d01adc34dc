import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

/** One measured case: a name and its figures. */
export type Row = Readonly<Record<string, string | number>>;

/** Prints the rows as a table and writes them, with the machine, to `bench/results/<name>.json`. */
export function report(name: string, rows: readonly Row[]): void {
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cpus: cpus().length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
  };
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify({ name, at: new Date().toISOString(), machine, rows }, undefined, 2);
  writeFileSync(join(folder, `${name}.json`), `${text}\n`);
  console.log(`\n${name}: ${machine.cpus} × ${machine.cpu}, Node ${machine.node}`);
  console.table(rows);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
