import { maskText } from '../mask/mask-text.ts';

/** A head and rows of cells, all of them plain text. */
export type HtmlTable = readonly [head: readonly string[], ...rows: ReadonlyArray<readonly string[]>];

/** Formats a table; its cells are escaped. */
export function htmlTable([head, ...rows]: HtmlTable): string {
  const cells = (tag: string, row: readonly string[]) =>
    row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('');
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('\n');
  return `<div><table><thead><tr>${cells('th', head)}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

/** Escapes text for HTML, with its secrets hidden. */
export function escapeHtml(text: string): string {
  return maskText(text).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
