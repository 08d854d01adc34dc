export type Unit = 'rate' | 'count' | 'bytes' | 'ms' | 'seconds';

/** A figure as people read it, with its unit. */
export function formatFigure(value: number | string | undefined, unit: Unit): string {
  if (value === undefined) return '–';
  if (typeof value === 'string') return value;
  // not `toLocaleString`, which takes longer than all the rest of the page
  const number = (digits: number, of = value) =>
    String(Number(of.toFixed(digits))).replace(/\B(?=(\d{3})+$)/g, ',');
  if (unit === 'bytes') {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
    const power = Math.min(units.length - 1, value < 1 ? 0 : Math.floor(Math.log2(value) / 10));
    return `${number(power === 0 ? 0 : 1, value / 1024 ** power)} ${units[power]}`;
  }
  if (unit === 'ms' || unit === 'seconds') {
    const seconds = unit === 'ms' ? value / 1000 : value;
    if (seconds < 1) return `${number(seconds < 0.01 ? 1 : 0, seconds * 1000)} ms`;
    return seconds < 60 ? `${number(1, seconds)} s` : `${number(0, seconds / 60)} min`;
  }
  return number(value < 10 && unit === 'rate' ? 1 : 0);
}
