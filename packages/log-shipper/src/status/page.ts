import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { escapeHtml, type HtmlTable, htmlTable, sendText } from '@pod-patterns/kit';
import type { Status } from './status.ts';

/** Shows files, positions and sinks at `/`: a page that updates itself, or plain text for `curl`. */
export function sendView(request: IncomingMessage, response: ServerResponse, status: Status): void {
  if (!(request.headers.accept ?? '').includes('text/html')) {
    sendText(response, 200, textView(status));
    return;
  }
  const nonce = randomBytes(16).toString('base64');
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'`;
  response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy })
    .end(pageView(status, nonce));
}

function summary({ records, recordsPerSecond, lagBytes, lagSeconds, checkpoint }: Status): string {
  const behind = lagBytes === 0 ? 'caught up' : `${size(lagBytes)} and ${lagSeconds.toFixed(1)} s behind`;
  const warning = checkpoint === 'ok' ? '' : ', checkpoint failing';
  return `${count(records)} records, ${count(Math.round(recordsPerSecond))} a second, ${behind}${warning}`;
}

function sinkTable({ sinks }: Status): HtmlTable {
  const rows = sinks.map(({ sink, state, reason, records, recordsPerSecond, lagBytes, lagSeconds }) => [
    sink,
    reason === undefined ? state : `${state}: ${reason}`,
    count(records),
    count(Math.round(recordsPerSecond)),
    size(lagBytes),
    `${lagSeconds.toFixed(1)} s`,
  ]);
  return [['sink', 'state', 'records', 'per second', 'bytes behind', 'time behind'], ...rows];
}

function fileTable({ files }: Status): HtmlTable {
  const rows = files.map(({ file, path, state, size: total, positions, lagBytes, lagSeconds }) => [
    file,
    path === file ? state : `${state}, now ${path}`,
    size(total),
    Object.values(positions).map(size).join(' | '),
    size(lagBytes),
    `${lagSeconds.toFixed(1)} s`,
  ]);
  return [['file', 'state', 'size', 'acknowledged', 'bytes behind', 'time behind'], ...rows];
}

function problemTable({ problems }: Status): HtmlTable {
  return [['path', 'problem'], ...Object.entries(problems)];
}

function textView(status: Status): string {
  const tables = [sinkTable(status), fileTable(status), problemTable(status)];
  const texts = tables.filter(([, ...rows]) => rows.length > 0).map(alignedText);
  return `log-shipper: ${summary(status)}\n\n${texts.join('\n')}\nmore: /status /metrics /livez /readyz\n`;
}

function alignedText(table: HtmlTable): string {
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function pageView(status: Status, nonce: string): string {
  const tables = [sinkTable(status), fileTable(status), problemTable(status)];
  const shown = tables.filter(([, ...rows]) => rows.length > 0).map(htmlTable);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>log-shipper</title>
<style nonce="${nonce}">
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
  body { margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
  div { overflow-x: auto; margin: 1.5rem 0 }
  table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
  th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8884; overflow-wrap: anywhere }
</style>
<main>
<h1>log-shipper</h1>
<p role="status">${escapeHtml(summary(status))}</p>
${shown.join('\n')}
</main>
<p><a href="/status">status</a> <a href="/metrics">metrics</a> <a href="/readyz">ready</a></p>
<script nonce="${nonce}">
  // fetches this page again and shows the new content
  setInterval(async () => {
    try {
      const answer = await fetch('/', { headers: { accept: 'text/html' } });
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
      document.querySelector('main').replaceWith(next.querySelector('main'));
    } catch {
      document.querySelector('[role=status]').textContent = 'log-shipper does not answer';
    }
  }, 1000);
</script>
`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}

/** Formats bytes as `1.5 MB`, in powers of 1,000. */
function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
