import { readFile } from 'node:fs/promises';
import type { Finding } from './container.ts';
import { listAt, numberAt, parseJson, textAt } from './json.ts';

/** More than a termination log can hold. */
const maxLength = 4096;

/**
 * What wait-for left in its termination log, in either of its formats. No report is no fault: web would not have been
 * started if its init container had failed.
 */
export async function readWaitReport(file: string | undefined): Promise<Finding> {
  if (file === undefined) return unknown('done before web was started');
  try {
    return understand((await readFile(file, 'utf8')).slice(0, maxLength).trim());
  } catch {
    return unknown('done before web was started; it left no report');
  }
}

function unknown(summary: string): Finding {
  return { state: 'up', summary, figures: {} };
}

function understand(text: string): Finding {
  const last = text.split('\n').at(-1) ?? '';
  const report = parseJson(last);
  const result = textAt(report, 'result');
  if (result === undefined) return fromText(last);
  const elapsedMs = numberAt(report, 'elapsedMs');
  const targets = listAt(report, 'targets');
  const names = targets.flatMap((target) => textAt(target, 'name') ?? textAt(target, 'target') ?? []);
  const figures = { targets: targets.length, ...(elapsedMs === undefined ? {} : { waitedMs: elapsedMs }) };
  const waited = elapsedMs === undefined ? '' : ` for ${readable(elapsedMs)}`;
  if (result === 'ready') return { state: 'up', summary: `waited${waited}: ${names.join(', ')}`, figures };
  return { state: 'down', summary: `${result}${waited}: ${names.join(', ')}`, figures };
}

/** `wait-for: ready in 1.2s: redis 1.2s` */
function fromText(line: string): Finding {
  const words = line.replace(/^wait-for: /, '').slice(0, 200);
  const hasFailed = /^(timed out|failed|stopped|not ready)/.test(words);
  return { ...unknown(words || 'done before web was started'), ...(hasFailed && { state: 'down' }) };
}

/** `240 ms`, `1.2 s`, `95 s`. */
function readable(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
