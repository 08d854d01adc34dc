import { quote } from '@pod-patterns/kit';
import { RE2JS, RE2JSSyntaxException } from 're2js';
import type { Pattern } from './mapper.ts';
import type { Place, YamlReader } from './yaml-reader.ts';

export const matchTypes = ['glob', 'regex'] as const;
export type MatchType = (typeof matchTypes)[number];

/** As upstream, except that a segment may also end with `*`. */
const glob = /^(?:\*|[a-zA-Z_][a-zA-Z0-9_-]*\*?)(?:\.(?:\*|[a-zA-Z0-9_][a-zA-Z0-9_-]*\*?))*$/;
const metricName = /^(?:[a-zA-Z_]|\$\{?\d+(?!\d)\}?)(?:[a-zA-Z0-9_]|\$\{?\d+(?!\d)\}?)*$/;
/** As upstream: at least two characters. */
const labelName = /^[a-zA-Z_][a-zA-Z0-9_]+$/;

/** Reads a rule's pattern. Regular expressions are RE2's, which match in time proportional to the name. */
export function readPattern(reader: YamlReader, place: Place, type: MatchType): Pattern | undefined {
  return compile(reader, { text: textOf(reader, place, 'match'), place }, type);
}

/** Reads the names that a rule skips: patterns of the rule's own kind. */
export function readExclude(reader: YamlReader, place: Place | undefined, type: MatchType): Pattern[] {
  return reader.list(place).flatMap((each) => {
    const pattern = compile(reader, { text: reader.text(each) ?? '', place: each }, type);
    return pattern === undefined ? [] : [pattern];
  });
}

function compile(
  reader: YamlReader,
  { text, place }: { readonly text: string; readonly place: Place },
  type: MatchType,
): Pattern | undefined {
  if (type === 'glob') {
    if (glob.test(text)) return { glob: text };
    const expected =
      'expected segments of letters, digits, _ and - with an optional * at the end, such as web.*.requests';
    return reader.fault(place, `invalid match ${quote(text)}: ${expected}`);
  }
  try {
    return { regex: RE2JS.compile(text) };
  } catch (error) {
    const reason = error instanceof RE2JSSyntaxException ? error.error : 'too large';
    return reader.fault(
      place,
      `invalid regex ${quote(text)}: ${reason} (RE2 has no look-around and no back-references)`,
    );
  }
}

export function readName(reader: YamlReader, place: Place): string {
  const name = textOf(reader, place, 'name');
  if (name === '') reader.fault(place, 'expected a name, even with action: drop');
  else if (!metricName.test(name)) {
    reader.fault(place, `invalid name ${quote(name)}: expected letters, digits, _ and captures such as $1`);
  }
  return name;
}

export function readLabels(reader: YamlReader, place: Place | undefined): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  if (place === undefined) return labels;
  for (const [key, value] of reader.fields(place) ?? []) {
    if (!labelName.test(key))
      reader.fault(value, `invalid label key ${quote(key)}: expected two or more letters, digits and _`);
    else if (key.startsWith('__'))
      reader.fault(value, `invalid label key ${quote(key)}: a leading __ is reserved by Prometheus`);
    else labels.set(key, reader.text(value) ?? '');
  }
  return labels;
}

/** The text of a field; it is missing if its position is still that of the rule. */
function textOf(reader: YamlReader, place: Place, field: string): string {
  return place.path.endsWith(`.${field}`) ? (reader.text(place) ?? '') : '';
}
