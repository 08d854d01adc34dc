import { quote } from '@pod-patterns/kit';
import { type EventType, eventTypeNames } from '../counts.ts';
import type { LabelEdits } from './label-edits.ts';
import type { OwnSettings } from './rule.ts';
import type { Place, YamlReader } from './yaml-reader.ts';

/** Fields that upstream lacks and therefore refuses. */
export const ownFields = ['prefix', 'keep_labels', 'drop_labels', 'rename_labels'] as const;

const labelName = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Reads the fields; a missing one is taken from `base`. */
export function readOwnFields(
  reader: YamlReader,
  fields: ReadonlyMap<string, Place>,
  base: OwnSettings,
): OwnSettings {
  return {
    prefix: readPrefix(reader, fields.get('prefix')) ?? base.prefix,
    labelEdits: readLabelEdits(reader, fields, base.labelEdits),
  };
}

/** A prefix of a metric's name: `app_`. */
function readPrefix(reader: YamlReader, place: Place | undefined): string | undefined {
  const prefix = reader.text(place);
  if (prefix === undefined || place === undefined || /^(?:[a-zA-Z_][a-zA-Z0-9_]*)?$/.test(prefix))
    return prefix;
  return reader.fault(place, `invalid prefix ${quote(prefix)}: expected letters, digits and _`);
}

function readLabelEdits(
  reader: YamlReader,
  fields: ReadonlyMap<string, Place>,
  base: LabelEdits,
): LabelEdits {
  return {
    keep: readNames(reader, fields.get('keep_labels')) ?? base.keep,
    drop: readNames(reader, fields.get('drop_labels')) ?? base.drop,
    rename: readRenames(reader, fields.get('rename_labels')) ?? base.rename,
  };
}

function readNames(reader: YamlReader, place: Place | undefined): ReadonlySet<string> | undefined {
  if (!reader.isGiven(place)) return undefined;
  return new Set(reader.list(place).map((each) => readLabelName(reader, each)));
}

function readRenames(reader: YamlReader, place: Place | undefined): ReadonlyMap<string, string> | undefined {
  if (!reader.isGiven(place)) return undefined;
  return new Map([...(reader.fields(place) ?? [])].map(([old, name]) => [old, readLabelName(reader, name)]));
}

function readLabelName(reader: YamlReader, place: Place): string {
  const name = reader.text(place) ?? '';
  if (!labelName.test(name)) {
    reader.fault(place, `invalid label ${quote(name)}: expected letters, digits and _, without a leading __`);
  }
  return name;
}

/** Reads a time to live per event type; types without one use the common `ttl`. */
export function readTtlByType(
  reader: YamlReader,
  place: Place | undefined,
): Readonly<Partial<Record<EventType, number>>> {
  if (!reader.isGiven(place)) return {};
  const fields = reader.fields(place, eventTypeNames) ?? new Map<string, Place>();
  const given = eventTypeNames.flatMap((type) => {
    const seconds = reader.seconds(fields.get(type));
    return seconds === undefined ? [] : [[type, seconds] as const];
  });
  return Object.fromEntries(given);
}
