import { didYouMean, hidden, maskUrl } from '@pod-patterns/kit';
import type { KeySet, Values } from '../keys/key.ts';
import { kindOf } from '../kinds/registry.ts';
import { commonKeys } from './common-keys.ts';
import { type RawTarget, splitTarget } from './raw-target.ts';
import { type ReadPairs, readPairs } from './read-pairs.ts';
import type { Reading } from './reading.ts';
import type { Pace, Target } from './target.ts';

/** Reads `URL key=value …`. `origin` names the text in faults: `WAIT_FOR line 2`. */
export function readTargetLine(line: string, origin: string): Reading<Target> {
  const split = splitTarget(line, origin);
  return split.ok ? readRawTarget(split.value) : split;
}

/** Interprets a target, or reports all its faults. */
export function readRawTarget({ url, pairs, isUrlHidden = false }: RawTarget): Reading<Target> {
  const colon = url.text.indexOf(':');
  const scheme = url.text.slice(0, Math.max(0, colon)).toLowerCase();
  const kind = kindOf.get(scheme);
  if (kind === undefined)
    return { ok: false, faults: [`${url.where}: ${unknownScheme(url.text, isUrlHidden)}`] };

  // labels also follow a ?, and are not secret
  const shown = scheme === 'k8s' && !url.text.includes('@') ? url.text : maskUrl(url.text);
  const urlFault = (fault: string) =>
    `${url.where}: ${isUrlHidden ? `${scheme}:${hidden}` : shown}: ${fault} (the form is ${scheme}:${kind.form})`;
  const written = { scheme, rest: url.text.slice(colon + 1) };
  const keys: KeySet = { ...commonKeys, ...kind.keys };
  const read = readPairs(pairs, keys);
  const { values, settings } = read;
  const faults = agree(read)
    ? read.faults
    : [...read.faults, `${url.where}: max-interval is shorter than interval`];
  // an invalid value must not cause further faults, so the URL is then read without its keys
  const question = kind.read(written, read.hasWrongValue ? readPairs([], keys).values : values);
  if (typeof question === 'string') return { ok: false, faults: [urlFault(question), ...faults] };
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, value: { ...question, ...commonOf(values, shown), kind: scheme, shown, settings } };
}

function unknownScheme(text: string, isHidden: boolean): string {
  if (/^[\w.-]+:\d+$/.test(text)) return `${text}: expected a URL, such as tcp://${text}`;
  const stray = strayKey(text);
  if (stray !== undefined) return stray;
  const [name = ''] = text.split(':');
  const near = didYouMean(name, kindOf.keys(), (scheme) => `${scheme}:`);
  const shown = isHidden ? hidden : maskUrl(text);
  return `${shown}: expected a URL that begins with one of ${[...kindOf.keys()].join(' ')}${near}`;
}

/** Fault of `key=value` instead of a URL: as a separate argument, or without its target. */
function strayKey(text: string): string | undefined {
  const [name = '', mark] = /^([\w~.-]+)([=:])/.exec(text)?.slice(1) ?? [];
  const key = mark === ':' && name === 'json' ? 'json:' : name;
  if (key === '' || (mark === ':' && key !== 'json:')) return undefined;
  const isKnown = key in commonKeys || [...kindOf.values()].some(({ keys }) => Object.hasOwn(keys, key));
  const shown = `${key}${mark === '=' ? '=' : ''}`;
  if (!isKnown) return `${shown}${hidden}: expected a URL`;
  return `${shown}${hidden}: a key follows its target in the same argument: "URL ${shown}…"`;
}

/** Whether `max-interval` is at least `interval`. If one of them is a default, it is adjusted. */
function agree({ values, settings, given }: ReadPairs): boolean {
  const isLess = Number(values['max-interval']) < Number(values['interval']);
  const [yields, stays] = given.has('interval') ? ['max-interval', 'interval'] : ['interval', 'max-interval'];
  if (!isLess || given.has(yields)) return !isLess;
  values[yields] = values[stays];
  const [, text = ''] = settings.find(([name]) => name === stays) ?? [];
  settings.splice(
    settings.findIndex(([name]) => name === yields),
    1,
    [yields, text],
  );
  return true;
}

/** Values of the keys common to all targets. */
function commonOf(
  values: ReadPairs['values'],
  shown: string,
): Pace & Pick<Target, 'name' | 'isOptional' | 'isNegated'> {
  // `readPairs` read them by `commonKeys`, but for `stable`, which a file has in a form of its own
  const common = values as Values<typeof commonKeys>;
  return {
    timeoutMs: common.timeout,
    intervalMs: common.interval,
    maxIntervalMs: common['max-interval'],
    stableCount: typeof common.stable === 'number' ? common.stable : 1,
    deadlineMs: common.deadline,
    name: common.name ?? shown,
    isOptional: common.optional,
    isNegated: common.not,
  };
}
