const isValid = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * Turns a StatsD name into a Prometheus name: every forbidden character becomes `_`, a run of `-`
 * becomes one `_`, and a leading digit gets `_` in front. An empty name stays empty.
 */
export function escapeName(name: string): string {
  if (isValid.test(name)) return name;
  const escaped = name.replace(/-+|[^a-zA-Z0-9_-]/gu, '_');
  return /^\d/.test(escaped) ? `_${escaped}` : escaped;
}
