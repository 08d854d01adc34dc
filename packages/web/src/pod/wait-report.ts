import { readFile } from 'node:fs/promises';
import type { Finding } from './container.ts';
import { listAt, numberAt, parseJson, textAt } from './json.ts';

/**
 * What wait-for left as its report (`--report`): one line of JSON. No report is no fault: web would not have been
 * started if its init container had failed.
 */
export async function readWaitReport(file: string | undefined): Promise<Finding> {
  const text = file === undefined ? '' : await readFile(file, 'utf8').catch(() => '');
  const report = parseJson(text);
  const result = textAt(report, 'result');
  if (result === undefined) return { state: 'up', summary: 'done before web was started', figures: {} };
  const elapsedMs = numberAt(report, 'elapsedMs');
  const targets = listAt(report, 'targets');
  const names = targets.flatMap((target) => textAt(target, 'name') ?? textAt(target, 'target') ?? []);
  const figures = { targets: targets.length, ...(elapsedMs === undefined ? {} : { waitedMs: elapsedMs }) };
  const waited = elapsedMs === undefined ? '' : ` for ${readable(elapsedMs)}`;
  if (result === 'ready') return { state: 'up', summary: `waited${waited}: ${names.join(', ')}`, figures };
  return { state: 'down', summary: `${result}${waited}: ${names.join(', ')}`, figures };
}

/** `240 ms`, `1.2 s`, `95 s`. */
function readable(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
