const isValid = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * Makes a Prometheus name of a StatsD one: every character that is not allowed becomes `_`, a run of `-`
 * becomes one `_`, and a leading digit gets `_` in front. Empty stays empty.
 */
export function escapeName(name: string): string {
  if (isValid.test(name)) return name;
  const escaped = name.replace(/-+|[^a-zA-Z0-9_-]/gu, '_');
  return /^\d/.test(escaped) ? `_${escaped}` : escaped;
}
