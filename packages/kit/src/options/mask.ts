import { envOf, type Option, type Program } from './option.ts';

const hidden = '***';

/** Text of an option with what is secret in it replaced. */
export function maskSecret(option: Option<unknown>, text: string): string {
  if (option.secret === 'url') return maskUrl(text);
  return option.secret ? hidden : text;
}

/** `redis://user:password@host` → `redis://user:***@host`; a lone user is often a token and is hidden as well. */
export function maskUrl(url: string): string {
  return url.replace(/([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)@/gi, (_, scheme: string, login: string) => {
    const colon = login.indexOf(':');
    return `${scheme}${colon < 0 ? hidden : `${login.slice(0, colon)}:${hidden}`}@`;
  });
}

/** The configuration as `--print-config` shows it: by environment name, secrets hidden. */
export function printableConfig(
  program: Program,
  config: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const entries = Object.entries(program.options).map(([key, option]) => {
    const value = config[key];
    if (value === undefined || !option.secret) return [envOf(key, option), value ?? null];
    const shown = option.secret === 'url' ? JSON.parse(maskUrl(JSON.stringify(value))) : hidden;
    return [envOf(key, option), shown];
  });
  return Object.fromEntries(entries);
}
