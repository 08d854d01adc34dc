import { quote } from '../api/decode.ts';

/**
 * The forms of names, as in k8s.io/apimachinery/pkg/util/validation. Each describes the fault of a text, or
 * undefined when nothing is.
 */
export type NameForm = (text: string) => string | undefined;

const label = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const looseLabel = '_?[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?';

function form(pattern: string, most: number, expected: string): NameForm {
  const whole = new RegExp(`^(?:${pattern})$`);
  return (text) => {
    if (text.length > most) return `${quote(text)} is longer than ${most} characters`;
    return whole.test(text) ? undefined : `${quote(text)} is not ${expected}`;
  };
}

export const dnsLabel = form(
  label,
  63,
  'of lower-case letters, digits and dashes, with a letter or digit at both ends',
);

export const dns1035Label = form(
  '[a-z](?:[-a-z0-9]*[a-z0-9])?',
  63,
  'of lower-case letters, digits and dashes, with a letter first and no dash last',
);

export const dnsSubdomain = form(
  `${label}(?:\\.${label})*`,
  253,
  'of lower-case letters, digits, dashes and dots, with a letter or digit at both ends of each part',
);

export const looseSubdomain = form(`${looseLabel}(?:\\.${looseLabel})*`, 253, 'a DNS name');

export const wildcardSubdomain = form(`\\*\\.${label}(?:\\.${label})*`, 253, 'of the form *.example.com');

export const configKey: NameForm = (text) => {
  const fault = form('[-._a-zA-Z0-9]+', 253, 'of letters, digits, dashes, dots and underscores')(text);
  if (fault !== undefined) return fault;
  return text === '.' || text.startsWith('..') ? `${quote(text)} must not be . or start with ..` : undefined;
};

const qualifiedPart = form(
  '(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]',
  63,
  'of letters, digits, dashes, dots and underscores, with a letter or digit at both ends',
);

/** A label's key: a name, or a DNS prefix, a slash and a name. */
export const qualifiedName: NameForm = (text) => {
  const parts = text.split('/');
  if (parts.length > 2) return `${quote(text)} has more than one slash`;
  const prefix = parts.length === 2 ? dnsSubdomain(parts[0] ?? '') : undefined;
  return prefix ?? qualifiedPart(parts.at(-1) ?? '');
};

/** `example.com/controller`: a DNS name, a slash and a path. */
export const domainPath: NameForm = (text) => {
  const [domain = '', path = ''] = text.split(/\/(.*)/s);
  const isPath = /^[A-Za-z0-9/_.~!$&'()*+,;=:%-]+$/.test(path);
  return isPath && text.length <= 63 && dnsSubdomain(domain) === undefined
    ? undefined
    : `${quote(text)} is not a domain, a slash and a path, of 63 characters at most`;
};

export const labelValue: NameForm = (text) => (text === '' ? undefined : qualifiedPart(text));

/** `[-a-z0-9]`, a letter, no dash at the ends or beside another, up to 15 (RFC 6335). */
export const portName: NameForm = (text) => {
  if (text.length > 15) return `${quote(text)} is longer than 15 characters`;
  return /^(?!-)(?!.*--)(?=.*[a-z])[-a-z0-9]+(?<!-)$/.test(text)
    ? undefined
    : `${quote(text)} is not a port name: lower-case letters, digits and single dashes, with a letter in it`;
};

/** A number of a port or the name of one. */
export function portNumberOrName(port: string | number): string | undefined {
  return typeof port === 'number' ? portNumber(port) : portName(port);
}

export function portNumber(port: number): string | undefined {
  return port >= 1 && port <= 65_535 ? undefined : `${port} is not a port: 1 to 65535`;
}

/** Printable ASCII without `=` (relaxed since 1.32). */
export const envName: NameForm = (text) =>
  /^[\x20-\x3C\x3E-\x7E]+$/.test(text)
    ? undefined
    : `${quote(text)} is not a name of printable ASCII without =`;

/** The name of an RBAC object: anything that can be a part of a path. */
export const pathSegment: NameForm = (text) => {
  if (text === '.' || text === '..') return `${quote(text)} cannot be part of a path`;
  return /[/%]/.test(text) ? `${quote(text)} must not contain / or %` : undefined;
};

/** The beginning that `generateName` gives: the random end may follow a dash. */
export function prefixOf(nameForm: NameForm): NameForm {
  return (text) => nameForm(text.endsWith('-') ? `${text}a` : text);
}

/** A path that stays below its root. */
export const descendingPath: NameForm = (text) => {
  if (text.startsWith('/')) return `${quote(text)} must be a relative path`;
  return noBacksteps(text);
};

export const noBacksteps: NameForm = (text) =>
  text.split('/').includes('..') ? `${quote(text)} must not contain ..` : undefined;

/** As `descendingPath`, and not starting with two dots, which kubelet keeps for itself. */
export const plainPath: NameForm = (text) =>
  descendingPath(text) ?? (text.startsWith('..') ? `${quote(text)} must not start with ..` : undefined);
