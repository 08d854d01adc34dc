import { type Document, isMap, isScalar, isSeq, type Pair, parseAllDocuments, Scalar, YAMLMap } from 'yaml';
import type { LoadedText } from './mapping-file.ts';
import { oldFields, oldSummaryFields } from './old-fields.ts';
import { readMapping } from './read-mapping.ts';
import { describeFault } from './yaml-reader.ts';

/** Keeps an omitted value (`labels:`) omitted; failsafe alone would make it an empty text. */
const unwritten = {
  identify: (value: unknown) => value === null,
  default: true as const,
  tag: 'tag:yaml.org,2002:null',
  test: /^$/,
  resolve: () => new Scalar(null),
  stringify: () => '',
};

/**
 * Converts the mapping file of an older statsd_exporter to the current format: `timer_type`, `buckets`, `quantiles`
 * and other old fields get the names that upstream reads now. Comments and scalars keep their source text, and a file
 * without old fields is unchanged. As in upstream, only the first document counts. A file with other faults is refused.
 */
export function convertMapping(text: string): LoadedText {
  // as `YamlReader` reads it
  const [document] = parseAllDocuments(text, {
    version: '1.1',
    schema: 'failsafe',
    customTags: [unwritten],
    prettyErrors: false,
  });
  if (document === undefined || !('contents' in document)) return { ok: true, text };
  const faults = document.errors.map(({ message }) => message);
  if (faults.length > 0) return { ok: false, faults };
  const converted = convertDocument(document)
    ? document.toString({ lineWidth: 0, indentSeq: !/^- /m.test(text) })
    : text;
  const result = readMapping(converted);
  if (result.ok) return { ok: true, text: converted };
  return { ok: false, faults: result.faults.map((fault) => `after conversion, ${describeFault(fault)}`) };
}

/** Renames old fields; returns whether there were any. */
function convertDocument({ contents }: Document): boolean {
  if (!isMap(contents)) return false;
  const defaults = contents.get('defaults');
  const mappings = contents.get('mappings');
  const areDefaultsOld = isMap(defaults) && convertFields(defaults);
  const fileKind = isMap(defaults) ? kindOf(defaults) : undefined;
  const rules = isSeq(mappings) ? mappings.items.filter((rule) => isMap(rule)) : [];
  const areOld = rules.map((rule) => convertRule(rule, fileKind));
  return areDefaultsOld || areOld.includes(true);
}

/** Older releases ignored a rule's old fields for the other observer type; the current format refuses them. */
function convertRule(rule: YAMLMap, fileKind: string | undefined): boolean {
  const kind = kindOf(rule) ?? fileKind;
  const other = kind === 'histogram' ? 'summary_options' : 'histogram_options';
  const useless = kind === undefined ? [] : rule.items.filter((pair) => placeOf(pair)[0] === other);
  for (const pair of useless) rule.delete(nameOf(pair));
  return convertFields(rule) || useless.length > 0;
}

function convertFields(fields: YAMLMap): boolean {
  const old = fields.items.filter((pair) => placeOf(pair).length > 0);
  for (const pair of old) {
    const [first = '', name] = placeOf(pair);
    if (name === undefined) rename(fields, pair, first);
    else moveInto(fields, pair, { options: first, name });
  }
  const summary = fields.get('summary_options');
  const renamed = isMap(summary) ? summary.items.filter((pair) => oldSummaryFields.has(nameOf(pair))) : [];
  // `renamed` is empty unless it is a mapping
  for (const pair of renamed) rename(summary as YAMLMap, pair, oldSummaryFields.get(nameOf(pair)) ?? '');
  return old.length > 0 || renamed.length > 0;
}

/** The current path of an old field; empty for a current one. */
function placeOf(pair: Pair): string[] {
  return oldFields.get(nameOf(pair))?.split('.') ?? [];
}

function nameOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : '';
}

function kindOf(fields: YAMLMap): string | undefined {
  const kind = fields.get('observer_type') ?? fields.get('timer_type');
  return typeof kind === 'string' && kind !== '' ? kind : undefined;
}

/** Gives a field its current name; if both are present the new one wins, as in older releases. */
function rename(fields: YAMLMap, pair: Pair, name: string): void {
  if (fields.has(name)) fields.delete(nameOf(pair));
  // its comments belong to the key
  else if (isScalar(pair.key)) pair.key.value = name;
}

/** Moves a field into its current options; if both are present the old one wins, as in older releases. */
function moveInto(
  fields: YAMLMap,
  pair: Pair,
  { options, name }: { readonly options: string; readonly name: string },
): void {
  const known = fields.get(options);
  if (isMap(known)) {
    fields.delete(nameOf(pair));
    known.set(new Scalar(name), pair.value);
    return;
  }
  // written without a value
  fields.delete(options);
  const target = new YAMLMap(fields.schema);
  target.flow = fields.flow ?? false;
  target.set(new Scalar(name), pair.value);
  pair.value = target;
  rename(fields, pair, options);
}
