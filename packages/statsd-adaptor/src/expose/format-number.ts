/** Writes a number like Go's exposition (`%g`, shortest): other text in `le` or `quantile` would be another series. */
export function formatNumber(value: number): string {
  if (value === 0) return '0';
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const magnitude = Math.abs(value);
  // within these bounds JavaScript's shortest form is also a plain decimal
  if (magnitude >= 1e-4 && magnitude < 1e21 && magnitude < 1e6) return String(value);
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const power = exponent.slice(1).padStart(2, '0');
  return `${digits}e${exponent[0]}${power}`;
}
