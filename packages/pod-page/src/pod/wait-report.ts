import { readFile } from 'node:fs/promises';
import { listAt, numberAt, parseJson, textAt } from '../ask/json.ts';
import type { Container } from './container.ts';
import { formatFigure } from './format-figure.ts';

/**
 * Reads the report of wait-for (`--report`): one line of JSON. A missing report is not a fault: the pod would not have been
 * started if its init container had failed.
 */
export async function readWaitReport(file: string, startedAt: string): Promise<Container> {
  const report = parseJson(await readFile(file, 'utf8').catch(() => ''));
  const result = textAt(report, 'result') ?? 'ready';
  const elapsedMs = numberAt(report, 'elapsedMs');
  const targets = listAt(report, 'targets');
  const names = targets.flatMap((target) => textAt(target, 'name') ?? textAt(target, 'target') ?? []);
  const waited = elapsedMs === undefined ? '' : ` for ${formatFigure(elapsedMs, 'ms')}`;
  const told = `${result === 'ready' ? 'waited' : result}${waited}: ${names.join(', ')}`;
  return {
    name: 'wait-for',
    role: 'init',
    state: result === 'ready' ? 'up' : 'down',
    since: textAt(report, 'time') ?? startedAt,
    summary: names.length === 0 ? 'finished before the other containers started' : told,
    figures: { targets: targets.length, ...(elapsedMs !== undefined && { waitedMs: elapsedMs }) },
    lastMinute: [],
  };
}
