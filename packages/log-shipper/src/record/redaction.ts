import type { Refusal } from '@pod-patterns/kit';
import { Pattern, readSlashed } from '../pattern/pattern.ts';
import { byPattern } from './redact/by-pattern.ts';
import { byRegex } from './redact/by-regex.ts';
import { emails } from './redact/email.ts';
import { jwts } from './redact/jwt.ts';
import type { Finder } from './redact/secret.ts';
import { urlCredentials } from './redact/url-credentials.ts';

/** Text that must not leave the pod. */
export interface Redaction {
  /** Its name in the metrics. */
  readonly name: string;
  readonly find: Finder;
  /**
   * Every line with such a secret contains one of these bytes; without them every line is searched. They begin with a rare
   * letter, because the search stops at each of those.
   */
  readonly needles?: readonly string[];
}

/**
 * Redactions known by name. Their matches end before quotes and backslashes, so that a JSON line stays valid. All take
 * time in proportion to the line, and constant memory.
 */
export const namedRedactions = {
  /** `https://user:password@host` */
  'url-credentials': {
    name: 'url-credentials',
    find: urlCredentials,
    needles: ['//', '\\/\\/'],
  },
  /** `Authorization: Bearer …` as a header, a JSON field, or an argument of a command. */
  authorization: {
    name: 'authorization',
    find: byRegex(
      /(?<keep>authorization["'\\]*\s*[:=]\s*(?:\[\s*)?["'\\]*(?:(?:bearer|basic|digest|token|apikey|negotiate)\s+)?)[^\s"'\\,;\]}]+/gi,
    ),
    needles: ['zation', 'ZATION'],
  },
  email: {
    name: 'email',
    find: emails,
    needles: ['@'],
  },
  jwt: {
    name: 'jwt',
    find: jwts,
    needles: ['yJ'],
  },
  ipv4: {
    name: 'ipv4',
    find: byRegex(/\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b/g),
  },
  'card-number': {
    name: 'card-number',
    find: byRegex(/\b(?:\d[ -]?){12,18}\d\b/g),
  },
} as const satisfies Readonly<Record<string, Redaction>>;

/** Default redactions. */
export const credentialRedactions: readonly Redaction[] = [
  namedRedactions['url-credentials'],
  namedRedactions.authorization,
];

/** Reads the name of a redaction, or `/expression/` with flags; undefined when it is neither. */
export function readRedaction(text: string): Redaction | Refusal | undefined {
  const named = Object.entries(namedRedactions).find(([name]) => name === text);
  if (named !== undefined) return named[1];
  const pattern = readSlashed(text);
  return pattern instanceof Pattern ? { name: 'custom', find: byPattern(pattern) } : pattern;
}
