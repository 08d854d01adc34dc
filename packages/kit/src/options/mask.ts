import type { Option } from './option.ts';

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
