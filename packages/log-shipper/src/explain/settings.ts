import { multilines } from '../frame/traces.ts';
import { namedParses } from '../record/parse.ts';
import type { FileSettings } from '../settings/file-settings.ts';

/** Describes the settings of a file in one line. `rule` is the index of its entry in `--config`, or -1. */
export function describeSettings(settings: FileSettings, rule: number): string {
  const { parse, multiline, rateLimit, labels, sinks } = settings;
  const pieces = [
    rule < 0 ? 'from the options' : `from files[${rule}] in --config`,
    `parse ${nameOf(parse, namedParses)}`,
    multiline && `multiline ${nameOf(multiline, multilines)}`,
    rateLimit && `at most ${rateLimit.perSecond} ${rateLimit.unit} per second`,
    ...Object.entries(labels).map(([name, value]) => `label ${name}=${value}`),
    sinks && `to ${sinks.join(' and ')}`,
  ];
  return pieces.filter((piece) => piece !== undefined).join(', ');
}

function nameOf(value: object, named: Readonly<Record<string, object>>): string {
  return Object.keys(named).find((name) => named[name] === value) ?? '/REGEX/';
}
