/** Replaces a hidden value. */
export const hidden = '***';

const longestName = 64;

/** Words that tell of a secret wherever they stand in a name, and short ones that have to be a word of their own. */
const telling =
  /passw|passphrase|pwd|secret|token|credential|signature|cookie|jwt|authorization|bearer|api[_-]?key/i;
const tellingAlone = /(?:^|[^a-z])(?:pass|auth|sig|sas)(?:$|[^a-z])|key(?:$|[^a-z])/i;

/** Whether a value with this name is a secret: `token`, `X-Amz-Signature`, `apiKey`, `DB_PASSWORD`. */
export function isCredentialName(name: string): boolean {
  if (name.length > longestName) return false;
  const words = name.replace(/([a-z])([A-Z])/g, '$1-$2');
  return telling.test(name) || tellingAlone.test(words);
}

/** The name that ends where `text` does: `team=payments,token` → `token`. */
export function lastName(text: string): string {
  return /[\w.-]{0,64}$/.exec(text.slice(-longestName))?.[0] ?? '';
}
