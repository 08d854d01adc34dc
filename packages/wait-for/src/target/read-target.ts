import { didYouMean, hidden, maskText, maskUrl, Refusal } from '@pod-patterns/kit';
import {
  defaulted,
  duration,
  type Key,
  type KeySet,
  optional,
  someText,
  toggle,
  type Values,
  wholeNumber,
} from './keys.ts';
import type { Understood } from './scheme.ts';
import { schemes } from './schemes.ts';
import { splitWords } from './split-words.ts';
import type { Pace, Target } from './target.ts';

/** A text and where its reader finds it: `column 15`, `targets.yaml:3`. */
export interface Located {
  readonly text: string;
  readonly where: string;
}

/** A target taken apart but not understood yet. */
export interface RawTarget {
  readonly url: Located;
  /** Each with its key; a key that stands alone has the empty text. */
  readonly pairs: readonly Pair[];
  /** The URL may end in the middle of a password. */
  readonly isUrlHidden?: boolean;
}

/** `key=value`, taken apart. */
export interface Pair extends Located {
  readonly key: string;
  /** An unquoted blank may have cut this out of a secret, so an unknown key is not shown. */
  readonly isHidden?: boolean;
}

/** What was read, or all that is wrong with it, a line each. */
export type Reading<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly faults: readonly string[] };

/** Keys that every target has. */
export const commonKeys = {
  name: optional(someText),
  timeout: defaulted(duration, '2s'),
  interval: defaulted(duration, '250ms'),
  'max-interval': defaulted(duration, '5s'),
  stable: defaulted(wholeNumber(1), '1'),
  deadline: optional(duration),
  optional: toggle,
  not: toggle,
} satisfies KeySet;

/** Reads `URL key=value …`. `origin` names the text in faults: `WAIT_FOR line 2`. */
export function readTargetLine(line: string, origin: string): Reading<Target> {
  const split = splitTarget(line, origin);
  return split.ok ? readRawTarget(split.value) : split;
}

/** Takes `URL key=value …` apart without understanding it. */
export function splitTarget(line: string, origin: string): Reading<RawTarget> {
  const split = splitWords(line);
  if (!split.ok) return { ok: false, faults: [`${origin}, column ${split.at}: ${split.message}`] };
  const [url, ...words] = split.words;
  if (url === undefined) return { ok: false, faults: [`${origin}: expected a target`] };
  // a password, a query or a header with a blank that is not in quotes falls apart into words
  const lastLogin = words.findLastIndex(({ text }) => text.includes('@') && !text.startsWith('header='));
  const hasQuery = url.text.includes('?') && !url.text.startsWith('k8s:');
  const firstHeader = words.findIndex(({ text }) => /^header\b/i.test(text));
  const pairs = words.map(({ text, at }, index) => ({
    ...splitPair(text),
    where: `${origin}, column ${at}`,
    isHidden: hasQuery || index <= lastLogin || (firstHeader >= 0 && index > firstHeader),
  }));
  const where = `${origin}, column ${url.at}`;
  return { ok: true, value: { url: { text: url.text, where }, isUrlHidden: lastLogin >= 0, pairs } };
}

/** `key=value`; a JSON pointer after `json:` may hold anything but `=`. */
function splitPair(word: string): { key: string; text: string } {
  const equals = word.indexOf('=');
  if (equals < 0) return { key: word, text: '' };
  return { key: word.slice(0, equals), text: word.slice(equals + 1) };
}

/** Understands a target, or tells all that is wrong with it. */
export function readRawTarget({ url, pairs, isUrlHidden = false }: RawTarget): Reading<Target> {
  const colon = url.text.indexOf(':');
  const name = colon < 0 ? '' : url.text.slice(0, colon).toLowerCase();
  const scheme = schemes.get(name);
  if (scheme === undefined)
    return { ok: false, faults: [`${url.where}: ${unknownScheme(url.text, isUrlHidden)}`] };

  // labels stand behind a ? as well, and are no secret
  const shown = name === 'k8s' ? url.text : maskUrl(url.text);
  const urlFault = (fault: string) =>
    `${url.where}: ${isUrlHidden ? `${name}:${hidden}` : shown}: ${fault} (the form is ${scheme.form})`;
  const keys: KeySet = { ...commonKeys, ...scheme.keys };
  const { values, settings, faults, given } = readPairs(pairs, keys);
  if (given.has('max-interval') && Number(values['max-interval']) < Number(values['interval'])) {
    faults.push(`${url.where}: max-interval is shorter than interval`);
  }
  if (faults.length > 0) {
    // the URL is judged without its keys, so that its own faults are told as well
    const { values: defaults } = readPairs([], keys);
    const alone = scheme.read(url.text.slice(colon + 1), defaults);
    return { ok: false, faults: typeof alone === 'string' ? [urlFault(alone), ...faults] : faults };
  }
  const understood = scheme.read(url.text.slice(colon + 1), values);
  if (typeof understood === 'string') return { ok: false, faults: [urlFault(understood)] };
  return {
    ok: true,
    value: assemble({ ...understood, shown, kind: name }, { values, settings }),
  };
}

function unknownScheme(text: string, isHidden: boolean): string {
  if (/^[\w.-]+:\d+$/.test(text)) return `${text}: expected a URL, such as tcp://${text}`;
  const [name = ''] = text.split(':');
  const near = didYouMean(name, schemes.keys(), (scheme) => `${scheme}:`);
  const shown = isHidden ? hidden : maskUrl(text);
  return `${shown}: expected a URL that begins with one of ${[...schemes.keys()].join(' ')}${near}`;
}

interface ReadPairs {
  // each value was read by the key of the same name
  readonly values: Values<KeySet>;
  readonly settings: Array<readonly [string, string]>;
  readonly faults: string[];
  readonly given: { has(name: string): boolean };
}

/** Reads pairs by their keys; what was not given has its default. */
export function readPairs(pairs: readonly Pair[], keys: KeySet): ReadPairs {
  const values: Record<string, unknown> = {};
  const settings: Array<readonly [string, string]> = [];
  const faults: string[] = [];
  const given = new Map<string, unknown[]>();
  for (const { key: written, text: value, where, isHidden = false } of pairs) {
    const [name, text] = written.startsWith('json:') ? pointerPair(written, value) : [written, value];
    const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
    if (key === undefined) {
      const near = didYouMean(written, Object.keys(keys));
      const shown = isHidden ? hidden : maskUrl(written);
      faults.push(
        `${where}: unknown key "${shown}"${near}${isHidden ? '; a blank must stand in quotes' : ''}`,
      );
      continue;
    }
    const result = key.read(text);
    const shown = key.isSecret ? hideHeader(text) : maskText(text);
    const before = given.get(name);
    if (result === undefined) faults.push(`${where}: ${name} "${shown}": expected ${key.expected}`);
    else if (result instanceof Refusal) faults.push(`${where}: ${name} "${shown}": ${result.reason}`);
    else if (before !== undefined && key.form !== 'list') faults.push(`${where}: ${name} is given twice`);
    else {
      given.set(name, [...(before ?? []), result]);
      settings.push([name, key.form === 'switch' ? String(result) : shown]);
    }
  }
  for (const [name, key] of Object.entries(keys)) {
    values[name] = valueUnder(key, given.get(name));
    if (!given.has(name) && key.fallback !== undefined) settings.push([name, key.fallback]);
  }
  return { values, settings, faults, given };
}

/** `json:/a=1` is the key `json:` with the text `/a=1`. */
function pointerPair(key: string, value: string): readonly [string, string] {
  const pointer = key.slice('json:'.length);
  return ['json:', value === '' ? pointer : `${pointer}=${value}`];
}

function valueUnder(key: Key<unknown>, given: readonly unknown[] | undefined): unknown {
  if (key.form === 'list') return given ?? [];
  if (given !== undefined) return given[0];
  return key.fallback === undefined ? undefined : key.read(key.fallback);
}

/** `NAME: value` with the value hidden, unless it only names a file. */
function hideHeader(text: string): string {
  const [name, value] = /^([^:]*:)([\s\S]*)$/.exec(text)?.slice(1) ?? [];
  if (name === undefined || value === undefined) return hidden;
  return /^ *((Bearer|Basic) )?@\/\S+$/.test(value) ? text : `${name} ${hidden}`;
}

function assemble(
  { kind, spec, shown, secrets = [] }: Understood & { readonly kind: string; readonly shown: string },
  { values, settings }: Pick<ReadPairs, 'values' | 'settings'>,
): Target {
  // `readPairs` read them by `commonKeys`, but for `stable`, which a file has in a form of its own
  const common = values as Values<typeof commonKeys>;
  const pace: Pace = {
    timeoutMs: common.timeout,
    intervalMs: common.interval,
    maxIntervalMs: Math.max(common['max-interval'], common.interval),
    stableCount: typeof common.stable === 'number' ? common.stable : 1,
    deadlineMs: common.deadline,
  };
  return {
    ...pace,
    name: common.name ?? shown,
    kind,
    spec,
    isOptional: common.optional,
    isNegated: common.not,
    shown,
    settings,
    secrets,
  };
}
