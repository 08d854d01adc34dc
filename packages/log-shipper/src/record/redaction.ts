/** What is not to leave the pod, and what is written instead. */
export interface Redaction {
  /** Its name in the metrics. */
  readonly name: string;
  /** With the flag `g`. */
  readonly regex: RegExp;
  readonly replacement: string;
  /** Bytes of which one is in every line that the expression could match; without them every line is looked at. */
  readonly needles?: readonly string[];
}

const hidden = '***';

/**
 * Known by name. What they match ends before quotes and backslashes, so that a JSON line stays one.
 * `$<keep>` is what stays of a match.
 */
export const namedRedactions = {
  /** `https://user:password@host`; the slashes may be escaped as PHP does. The user stays when there is a password. */
  'url-credentials': {
    name: 'url-credentials',
    regex: /(?<keep>[a-z][a-z0-9+.-]*:(?:\\?\/){2}(?:[^\s/?#"'<>\\@:]*:(?=[^@]))?)[^\s/?#"'<>\\]+(?=@)/gi,
    replacement: `$<keep>${hidden}`,
    needles: ['://', ':\\/\\/'],
  },
  /** `Authorization: Bearer …` as a header, a field of JSON, or a command line says it. */
  authorization: {
    name: 'authorization',
    regex:
      /(?<keep>authorization["'\\]*\s*[:=]\s*\[?\s*["'\\]*(?:(?:bearer|basic|digest|token|apikey|negotiate)\s+)?)[^\s"'\\,;\]}]+/gi,
    replacement: `$<keep>${hidden}`,
    needles: ['uthorization', 'UTHORIZATION'],
  },
  email: {
    name: 'email',
    regex: /[\w.%+-]+@[\w-]+(?:\.[\w-]+)+/g,
    replacement: hidden,
    needles: ['@'],
  },
  jwt: {
    name: 'jwt',
    regex: /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
    replacement: hidden,
    needles: ['eyJ'],
  },
  ipv4: {
    name: 'ipv4',
    regex: /\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b/g,
    replacement: hidden,
  },
  'card-number': {
    name: 'card-number',
    regex: /\b(?:\d[ -]?){12,18}\d\b/g,
    replacement: hidden,
  },
} as const satisfies Readonly<Record<string, Redaction>>;

/** What is done unless it is switched off. */
export const credentialRedactions: readonly Redaction[] = [
  namedRedactions['url-credentials'],
  namedRedactions.authorization,
];

/** Reads the name of a redaction, or `/expression/` with flags; undefined when it is neither. */
export function readRedaction(text: string): Redaction | undefined {
  const named = Object.entries(namedRedactions).find(([name]) => name === text);
  if (named !== undefined) return named[1];
  const match = /^\/(.+)\/([imsu]*)$/s.exec(text);
  if (match === null) return undefined;
  try {
    return { name: 'custom', regex: new RegExp(match[1] ?? '', `${match[2]}g`), replacement: hidden };
  } catch {
    return undefined;
  }
}
