import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { escapeHtml, type HtmlTable, htmlTable, sendText, visible } from '@pod-patterns/kit';
import type { Family } from '../series/family.ts';

/** The contents of `/`. */
export interface FrontPage {
  readonly version: string;
  /** The mapping file; empty without one. */
  readonly mappingFile: string;
  readonly rules: number;
  readonly lines: number;
  readonly linesPerSecond: number;
  readonly series: number;
  readonly largest: readonly Pick<Family, 'name' | 'kind' | 'series'>[];
  /** Newest first. */
  readonly badLines: ReadonlyArray<{ readonly at: string; readonly reason: string; readonly line: string }>;
  /** Served on this port. */
  readonly paths: readonly string[];
}

/** Answers `/`: a page for browsers, which reloads every five seconds, and plain text for `curl`. */
export function sendFrontPage(request: IncomingMessage, response: ServerResponse, page: FrontPage): void {
  if (!(request.headers.accept ?? '').includes('text/html')) {
    sendText(response, 200, frontPageText(page));
    return;
  }
  const nonce = randomBytes(16).toString('base64');
  response
    .writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'`,
      refresh: '5',
    })
    .end(frontPageHtml(page, nonce));
}

/** The metrics with the most series, largest first. */
export function largestFamilies(families: Iterable<Family>, count = 10): readonly Family[] {
  let largest: readonly Family[] = [];
  for (const family of families) {
    const least = largest[count - 1]?.series.size ?? 0;
    if (family.series.size <= least) continue;
    largest = [...largest, family].sort((a, b) => b.series.size - a.series.size).slice(0, count);
  }
  return largest;
}

const purpose = 'StatsD in, Prometheus out';

function summary({ mappingFile, rules, lines, linesPerSecond, series }: FrontPage): string {
  const mapping = mappingFile === '' ? 'no mapping file' : `${count(rules)} rules from ${mappingFile}`;
  return `${count(lines)} lines, ${count(Math.round(linesPerSecond))} per second; ${count(series)} series; ${mapping}`;
}

/** Makes the tables, without empty ones. */
function tablesOf({ largest, badLines }: FrontPage): HtmlTable[] {
  const sizes: HtmlTable = [
    ['metric', 'type', 'series'],
    ...largest.map(({ name, kind, series }) => [name, kind, count(series.size)]),
  ];
  const bad: HtmlTable = [
    ['faulty line', 'reason', 'time'],
    ...badLines.map(({ line, reason, at }) => [visible(line), reason, at]),
  ];
  return [sizes, bad].filter(([, ...rows]) => rows.length > 0);
}

export function frontPageText(page: FrontPage): string {
  const tables = tablesOf(page).map((table) => `${table.map((row) => row.join('  ')).join('\n')}\n\n`);
  return `statsd-adaptor ${page.version}: ${purpose}\n${summary(page)}\n\n${tables.join('')}${page.paths.join('\n')}\n`;
}

export function frontPageHtml(page: FrontPage, nonce: string): string {
  const links = page.paths.map((path) => `<a href="${escapeHtml(path)}">${escapeHtml(path)}</a>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>statsd-adaptor</title>
<style nonce="${nonce}">
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
  body { margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
  div { overflow-x: auto; margin: 1.5rem 0 }
  table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
  th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8884; overflow-wrap: anywhere }
</style>
<main>
<h1>statsd-adaptor ${escapeHtml(page.version)}</h1>
<p>${purpose}.</p>
<p>${escapeHtml(summary(page))}</p>
${tablesOf(page).map(htmlTable).join('\n')}
<p>${links.join('\n')}</p>
</main>
`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
