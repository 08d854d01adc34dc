import { Document, LineCounter, parseAllDocuments, type ScalarTag, type Tags, type YAMLError } from 'yaml';
import { locate, locateKey, type Path, type Position } from './position.ts';

/** One document of a file, as plain data that knows where it was written. */
export interface ReadDocument {
  readonly value: unknown;
  readonly position: (path: Path) => Position;
  readonly keyPosition: (path: Path) => Position;
  /** Keys that a map holds twice: the last one counts, and the API server refuses both. */
  readonly duplicateKeys: readonly { readonly key: string; readonly position: Position }[];
}

export type ReadFile =
  | { readonly ok: true; readonly documents: readonly ReadDocument[] }
  | { readonly ok: false; readonly message: string; readonly position: Position };

/** Features of YAML 1.1 that kubectl's own reader does not know. */
const unknownToKubectl = /^tag:yaml\.org,2002:(timestamp|binary|omap|pairs|set)$/;

/** `0o17`, which YAML 1.1 has not but Go's numbers have. */
const goOctal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0o[0-7_]+$/,
  resolve: (text) => Number(text.replace(/[-+_]/g, '')) * (text.startsWith('-') ? -1 : 1),
};

/** kubectl reads YAML 1.1 (`yes` is true, 0644 is octal), without dates and base-60 numbers. */
function kubectlTags(tags: Tags): Tags {
  const known = tags.filter((tag) => {
    if (typeof tag === 'string') return !/^(timestamp|binary|omap|pairs|set|intTime|floatTime)$/.test(tag);
    return !unknownToKubectl.test(tag.tag) && !('format' in tag && tag.format === 'TIME');
  });
  return [...known, goOctal];
}

/** Made once: making it anew for each document costs more than most documents do. */
const { schema } = new Document(null, { version: '1.1', customTags: kubectlTags });

/**
 * Reads a file of one or more YAML (or JSON) documents as kubectl does; empty documents are passed over.
 * Whatever the text is, it does not throw.
 */
export function readDocuments(text: string): ReadFile {
  const lines = new LineCounter();
  try {
    const parsed = parseAllDocuments(text, {
      version: '1.1',
      schema,
      lineCounter: lines,
      keepSourceTokens: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    const documents = 'empty' in parsed ? [] : parsed;
    const fault = documents.flatMap(({ errors }) => errors.filter(isFatal))[0];
    if (fault !== undefined) {
      return { ok: false, message: say(fault), position: positionAt(lines, fault.pos[0]) };
    }
    const read = documents.map((document) => toDocument(document, text, lines));
    return { ok: true, documents: read.filter(isFull) };
  } catch (error) {
    return { ok: false, message: sayThrown(error), position: { line: 1, column: 1 } };
  }
}

function toDocument(document: Document.Parsed, text: string, lines: LineCounter): ReadDocument {
  return {
    value: document.toJS({ maxAliasCount: 100 }),
    position: (path) => locate(document, lines, path),
    keyPosition: (path) => locateKey(document, lines, path),
    duplicateKeys: document.errors.map(({ pos }) => ({
      key: /^[^:\s]+/.exec(text.slice(pos[0], pos[0] + 200))?.[0] ?? '',
      position: positionAt(lines, pos[0]),
    })),
  };
}

const isFatal = (error: YAMLError) => error.code !== 'DUPLICATE_KEY';

const isFull = ({ value }: ReadDocument) => value !== null && value !== undefined;

function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** One line of the YAML reader's error, with its two most frequent causes in plain words. */
function say(error: YAMLError): string {
  if (error.code === 'TAB_AS_INDENT') return 'not YAML: a tab is used for indentation; use spaces';
  return `not YAML: ${firstLine(error.message)}`;
}

function sayThrown(error: unknown): string {
  if (error instanceof ReferenceError && /alias/i.test(error.message)) {
    return `not read: ${error.message.startsWith('Excessive') ? 'its aliases expand to far more than the size of the file' : firstLine(error.message)}`;
  }
  if (error instanceof RangeError) return 'not read: nested too deeply';
  return `not YAML: ${error instanceof Error ? firstLine(error.message) : String(error)}`;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.replace(/\.$/, '') ?? '';
}
